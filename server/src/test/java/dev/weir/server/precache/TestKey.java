package dev.weir.server.precache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.openpgp.PGPCompressedData;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPV3SignatureGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A key that signs releases, made up for a test. */
public final class TestKey {
  private static final Instant MADE = Instant.parse("2020-01-01T00:00:00Z");

  private final PGPKeyPair primary;
  private final PGPKeyPair pair;
  private final List<PGPPublicKey> ring;

  private TestKey(PGPKeyPair primary, PGPKeyPair pair, List<PGPPublicKey> ring) {
    this.primary = primary;
    this.pair = pair;
    this.ring = List.copyOf(ring);
  }

  private static PGPPublicKey certified(PGPKeyPair pair, Duration valid) throws PGPException {
    PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
    if (valid.isPositive()) {
      packets.setKeyExpirationTime(false, valid.toSeconds());
    }
    PGPSignatureGenerator self = generator(PGPSignature.POSITIVE_CERTIFICATION, HashAlgorithmTags.SHA256, pair);
    self.setHashedSubpackets(packets.generate());
    return PGPPublicKey.addCertification(pair.getPublicKey(), "Test <test@example.test>",
        self.generateCertification("Test <test@example.test>", pair.getPublicKey()));
  }

  public static TestKey create() {
    return validFor(Duration.ZERO);
  }

  /** @param valid from 2020 on; zero: for ever */
  static TestKey validFor(Duration valid) {
    try {
      PGPKeyPair pair = pair();
      return new TestKey(pair, pair, List.of(certified(pair, valid)));
    } catch (PGPException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * A subkey, and the primary key that it belongs to. Times are from 2020 on; zero: for ever.
   *
   * @param agreed it says itself that it belongs to the primary key
   */
  record Subkey(Duration valid, Duration primaryValid, boolean revoked, boolean primaryRevoked, int flags,
      boolean agreed) {
    static final Subkey GOOD = new Subkey(Duration.ZERO, Duration.ZERO, false, false, KeyFlags.SIGN_DATA, true);
  }

  /** One that signs with its subkey. */
  static TestKey with(Subkey subkey) {
    try {
      PGPKeyPair primary = pair();
      PGPKeyPair sub = pair();
      var signer = new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.RSA_GENERAL, HashAlgorithmTags.SHA256);
      PGPSignatureSubpacketGenerator whole = new PGPSignatureSubpacketGenerator();
      whole.setKeyExpirationTime(false, subkey.primaryValid().toSeconds());
      PGPKeyRingGenerator made = new PGPKeyRingGenerator(PGPSignature.POSITIVE_CERTIFICATION, primary,
          "Test <test@example.test>", new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1), whole.generate(),
          null, signer, null);
      PGPSignatureSubpacketGenerator part = new PGPSignatureSubpacketGenerator();
      part.setKeyExpirationTime(false, subkey.valid().toSeconds());
      part.setKeyFlags(false, subkey.flags());
      made.addSubKey(sub, part.generate(), null, subkey.agreed() ? signer : null);
      PGPPublicKeyRing ring = made.generatePublicKeyRing();
      PGPPublicKey first = ring.getPublicKey();
      PGPPublicKey second = ring.getPublicKey(sub.getKeyID());
      if (subkey.primaryRevoked()) {
        first = revoked(first, primary);
      }
      if (subkey.revoked()) {
        second = PGPPublicKey.addCertification(second, generator(PGPSignature.SUBKEY_REVOCATION,
            HashAlgorithmTags.SHA256, primary).generateCertification(first, second));
      }
      return new TestKey(primary, sub, List.of(first, second));
    } catch (PGPException e) {
      throw new AssertionError(e);
    }
  }

  /** The same under another primary key, which never said so. */
  TestKey stolenBy(TestKey other) {
    return new TestKey(other.primary, pair, List.of(other.ring.getFirst(), ring.getLast()));
  }

  /** The same, its primary key revoked. */
  TestKey revoked() {
    try {
      List<PGPPublicKey> keys = new ArrayList<>(ring);
      keys.set(0, revoked(ring.getFirst(), primary));
      return new TestKey(primary, pair, keys);
    } catch (PGPException e) {
      throw new AssertionError(e);
    }
  }

  private static PGPPublicKey revoked(PGPPublicKey key, PGPKeyPair by) throws PGPException {
    return PGPPublicKey.addCertification(key,
        generator(PGPSignature.KEY_REVOCATION, HashAlgorithmTags.SHA256, by).generateCertification(key));
  }

  /** The same without its subkey. */
  TestKey primaryAlone() {
    return new TestKey(primary, pair, ring.subList(0, 1));
  }

  private static PGPKeyPair pair() throws PGPException {
    RSAKeyPairGenerator rsa = new RSAKeyPairGenerator();
    rsa.init(new RSAKeyGenerationParameters(BigInteger.valueOf(0x10001), new SecureRandom(), 1024, 12));
    return new BcPGPKeyPair(PublicKeyPacket.VERSION_4, PublicKeyAlgorithmTags.RSA_GENERAL, rsa.generateKeyPair(),
        Date.from(MADE));
  }

  private static PGPSignatureGenerator generator(int type, int hash, PGPKeyPair pair) throws PGPException {
    PGPSignatureGenerator generator = new PGPSignatureGenerator(
        new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.RSA_GENERAL, hash), pair.getPublicKey());
    generator.init(type, pair.getPrivateKey());
    return generator;
  }

  public String armored() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (ArmoredOutputStream armor = ArmoredOutputStream.builder().build(text)) {
      new PGPPublicKeyRing(ring).encode(armor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString(UTF_8);
  }

  public Path writeTo(Path file) throws IOException {
    return Files.writeString(file, armored());
  }

  /** What is signed, and how. */
  public record Signing(String digest, String reference, Duration age, Duration valid, int hash, boolean packed) {
    /** A moment ago, for ever, as is usual. */
    public static Signing of(String digest, String reference) {
      return new Signing(digest, reference, Duration.ofMinutes(1), Duration.ZERO, HashAlgorithmTags.SHA256, true);
    }

    Signing aged(Duration howLong, Duration validFor) {
      return new Signing(digest, reference, howLong, validFor, hash, packed);
    }

    Signing hashedBy(int algorithm) {
      return new Signing(digest, reference, age, valid, algorithm, packed);
    }

    Signing plain() {
      return new Signing(digest, reference, age, valid, hash, false);
    }

    private String text() {
      return """
          {"critical": {"type": "atomic container signature", "image": {"docker-manifest-digest": "%s"},
           "identity": {"docker-reference": "%s"}}, "optional": {"creator": "a test"}}""".formatted(digest, reference);
    }
  }

  /** An OpenPGP message. */
  public byte[] sign(Signing what) {
    try {
      byte[] text = what.text().getBytes(UTF_8);
      PGPSignatureGenerator generator = generator(PGPSignature.BINARY_DOCUMENT, what.hash(), pair);
      Instant made = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(what.age());
      PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
      packets.setSignatureCreationTime(false, Date.from(made));
      if (what.valid().isPositive()) {
        packets.setSignatureExpirationTime(false, what.valid().toSeconds());
      }
      generator.setHashedSubpackets(packets.generate());
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      generator.generateOnePassVersion(false).encode(body);
      literal(body, text, made);
      generator.update(text);
      generator.generate().encode(body);
      return what.packed() ? packed(body.toByteArray()) : body.toByteArray();
    } catch (PGPException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with a signature of version 3, as Red Hat's releases have. */
  byte[] signOld(Signing what) {
    try {
      byte[] text = what.text().getBytes(UTF_8);
      PGPV3SignatureGenerator generator = new PGPV3SignatureGenerator(
          new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.RSA_GENERAL, what.hash()));
      generator.init(PGPSignature.BINARY_DOCUMENT, pair.getPrivateKey());
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      generator.generateOnePassVersion(false).encode(body);
      literal(body, text, Instant.now());
      generator.update(text);
      generator.generate().encode(body);
      return what.packed() ? packed(body.toByteArray()) : body.toByteArray();
    } catch (PGPException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void literal(ByteArrayOutputStream body, byte[] text, Instant made) throws IOException {
    try (var literal = new PGPLiteralDataGenerator().open(body, PGPLiteralData.BINARY, "", text.length,
        Date.from(made))) {
      literal.write(text);
    }
  }

  /** One signature again and again, packed so well that they seem to be few. */
  byte[] bomb(int signatures) {
    try {
      PGPSignatureGenerator generator = generator(PGPSignature.BINARY_DOCUMENT, HashAlgorithmTags.SHA256, pair);
      byte[] one = generator.generate().getEncoded();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int i = 0; i < signatures; i++) {
        body.writeBytes(one);
      }
      return packed(body.toByteArray());
    } catch (PGPException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] packed(byte[] body) throws IOException, PGPException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    PGPCompressedDataGenerator zip = new PGPCompressedDataGenerator(PGPCompressedData.ZIP);
    try (var out = zip.open(packed)) {
      out.write(body);
    }
    zip.close();
    return packed.toByteArray();
  }
}
