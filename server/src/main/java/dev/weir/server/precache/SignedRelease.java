package dev.weir.server.precache;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPOnePassSignatureList;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

import dev.weir.server.release.Metered;

/**
 * What a signature says that was checked: an OpenPGP message around a JSON text (containers' "simple signing").
 *
 * @param digest of the manifest that was signed
 * @param reference the name under which it was signed
 * @param signedBy fingerprint of the key, and whose that is
 */
record SignedRelease(String digest, String reference, String signedBy) {
  private static final int LONGEST_TEXT = 50 << 10;
  /** Of a message, with all that is around its text. */
  private static final int MOST_UNPACKED = 128 << 10;
  private static final String TYPE = "atomic container signature";
  /** Of clocks that differ. */
  private static final Duration AHEAD = Duration.ofHours(1);
  private static final Set<Integer> SOUND_HASHES = Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384,
      HashAlgorithmTags.SHA512);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A message, taken apart. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(byte[] text, PGPSignature signature) {}

  /**
   * Checks a message.
   *
   * @throws IOException if it is not what it should be; the message ends a sentence that begins with its name
   */
  static SignedRelease check(byte[] message, KeyRing keys, Instant now) throws IOException {
    try {
      return checked(take(message), keys, now);
    } catch (RuntimeException e) { // of packets that nobody foresaw
      throw new IOException("cannot be checked: " + e, e);
    }
  }

  private static SignedRelease checked(Message parts, KeyRing keys, Instant now) throws IOException {
    PGPSignature signature = parts.signature();
    String id = String.format(Locale.ROOT, "%016X", signature.getKeyID());
    Optional<SigningKey> key = keys.find(signature.getKeyID());
    if (key.isEmpty()) {
      throw new IOException("is signed with the key " + id + ", which is none of release.keys");
    }
    requireSound(signature, key.get(), now);
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), key.get().key());
      signature.update(parts.text());
      if (!signature.verify()) {
        throw new IOException("does not verify with the key " + id + ": it was altered, or made with another key");
      }
    } catch (PGPException e) {
      throw new IOException("cannot be checked with the key " + id + ": " + e.getMessage(), e);
    }
    return read(parts.text(), key.get().name());
  }

  private static Message take(byte[] message) throws IOException {
    try {
      PGPObjectFactory packets = new BcPGPObjectFactory(
          PGPUtil.getDecoderStream(new ByteArrayInputStream(message)));
      Object first = packets.nextObject();
      if (first instanceof PGPCompressedData packed) {
        packets = new BcPGPObjectFactory(new Metered(packed.getDataStream(), MOST_UNPACKED));
        first = packets.nextObject();
      }
      if (first instanceof PGPOnePassSignatureList && packets.nextObject() instanceof PGPLiteralData literal) {
        byte[] text = literal.getInputStream().readNBytes(LONGEST_TEXT + 1);
        if (text.length <= LONGEST_TEXT && packets.nextObject() instanceof PGPSignatureList signatures
            && signatures.size() == 1) {
          return new Message(text, signatures.get(0));
        }
      }
    } catch (EOFException e) {
      throw new IOException("breaks off", e);
    } catch (PGPException | RuntimeException e) {
      throw new IOException("is no signed OpenPGP message: " + e.getMessage(), e);
    }
    throw new IOException("is no OpenPGP message with one signature");
  }

  private static void requireSound(PGPSignature signature, SigningKey key, Instant now) throws IOException {
    if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
        || !SOUND_HASHES.contains(signature.getHashAlgorithm())) {
      throw new IOException("is signed in a way that proves nothing (type " + signature.getSignatureType() + ", hash "
          + signature.getHashAlgorithm() + ")");
    }
    Instant made = signature.getCreationTime().toInstant();
    if (made.isAfter(now.plus(AHEAD))) {
      throw new IOException("was signed on " + made + ", which is yet to come; is this host's clock right?");
    }
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets(); // none in version 3, which cannot expire
    long valid = hashed == null ? 0 : hashed.getSignatureExpirationTime();
    if (valid > 0 && now.isAfter(made.plusSeconds(valid))) {
      throw new IOException("has expired on " + made.plusSeconds(valid));
    }
    key.requireValid(now);
  }

  private static SignedRelease read(byte[] text, String signer) throws IOException {
    try {
      JsonNode critical = JSON.readTree(text).path("critical");
      if (!critical.path("type").asText().equals(TYPE)) {
        throw new IOException("is of the type '" + critical.path("type").asText() + "', not '" + TYPE + "'");
      }
      return new SignedRelease(critical.path("image").path("docker-manifest-digest").asText(),
          critical.path("identity").path("docker-reference").asText(), signer);
    } catch (JacksonException e) {
      throw new IOException("says no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
