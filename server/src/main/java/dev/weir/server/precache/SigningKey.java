package dev.weir.server.precache;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * A key of {@code release.keys} that something was signed with.
 *
 * @param primary the same, or the key that says that it is a subkey of its own
 */
record SigningKey(PGPPublicKey key, PGPPublicKey primary) {
  /** Fingerprint, and whose it is. */
  String name() {
    String whose = primary.getUserIDs().hasNext() ? " (" + primary.getUserIDs().next() + ")" : "";
    return key.isMasterKey() ? fingerprint(key) + whose : fingerprint(key) + " of " + fingerprint(primary) + whose;
  }

  boolean isRevoked() {
    return primary.hasRevocation() || key.hasRevocation();
  }

  /** @throws IOException if what it signs counts no more, or never did; the message ends a sentence about a signature */
  void requireValid(Instant now) throws IOException {
    if (isRevoked()) {
      throw unfit(primary.hasRevocation() && !key.isMasterKey()
          ? "a subkey of a key that was revoked"
          : "a key that was revoked");
    }
    requireTime(primary, primary.getValidSeconds(), now, key.isMasterKey() ? "a key" : "a subkey of a key");
    if (!key.isMasterKey()) {
      PGPSignature binding = newestBinding();
      requireTime(key, validSeconds(binding), now, "a key");
      Instant end = binding.getCreationTime().toInstant().plusSeconds(expiration(binding));
      if (expiration(binding) > 0 && now.isAfter(end)) {
        throw unfit("a subkey that its primary key vouched for until " + end);
      }
    }
  }

  private void requireTime(PGPPublicKey which, long validSeconds, Instant now, String what) throws IOException {
    Instant made = which.getCreationTime().toInstant();
    if (validSeconds > 0 && now.isAfter(made.plusSeconds(validSeconds))) {
      throw unfit(what + " that expired on " + made.plusSeconds(validSeconds));
    }
  }

  /** The last word of the primary key on its subkey; packets beside it that it did not sign say nothing. */
  private PGPSignature newestBinding() throws IOException {
    List<PGPSignature> genuine = new ArrayList<>();
    key.getSignaturesOfType(PGPSignature.SUBKEY_BINDING).forEachRemaining(each -> {
      if (isBy(primary, each)) {
        genuine.add(each);
      }
    });
    PGPSignature newest = genuine.stream().max(Comparator.comparing(PGPSignature::getCreationTime))
        .orElseThrow(() -> unfit("which no primary key in release.keys vouches for"));
    PGPSignatureSubpacketVector said = newest.getHashedSubPackets();
    if (said == null || (said.getKeyFlags() & KeyFlags.SIGN_DATA) == 0) {
      throw unfit("a subkey that is not for signatures");
    }
    if (!isAgreed(said) && !isAgreed(newest.getUnhashedSubPackets())) {
      throw unfit("a subkey that does not itself say whose it is");
    }
    return newest;
  }

  /** A subkey that signs says that it belongs to the primary key, or anybody could call it theirs. */
  private boolean isAgreed(PGPSignatureSubpacketVector packets) {
    try {
      PGPSignatureList within = packets.getEmbeddedSignatures();
      for (PGPSignature each : within) {
        if (each.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING && isBy(key, each)) {
          return true;
        }
      }
      return false;
    } catch (@SuppressWarnings("UnusedException") PGPException e) { // made up: it says nothing
      return false;
    }
  }

  private boolean isBy(PGPPublicKey signer, PGPSignature binding) {
    try {
      binding.init(new BcPGPContentVerifierBuilderProvider(), signer);
      return binding.verifyCertification(primary, key);
    } catch (@SuppressWarnings("UnusedException") PGPException | RuntimeException e) { // of another kind of key
      return false;
    }
  }

  private static long validSeconds(PGPSignature binding) {
    PGPSignatureSubpacketVector said = binding.getHashedSubPackets();
    return said == null ? 0 : said.getKeyExpirationTime();
  }

  private static long expiration(PGPSignature binding) {
    PGPSignatureSubpacketVector said = binding.getHashedSubPackets();
    return said == null ? 0 : said.getSignatureExpirationTime();
  }

  private IOException unfit(String why) {
    return new IOException("is signed with " + name() + ", " + why);
  }

  private static String fingerprint(PGPPublicKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
  }
}
