package dev.weir.server.precache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Some keys. */
record KeyRing(List<PGPPublicKeyRing> rings) {
  private static final String WHICH = "the release key of Red Hat (fingerprint 567E347AD0044ADE55BA8A5F199E2F91FD431D51) is"
      + " published at https://access.redhat.com/security/team/key and lies in /etc/pki/rpm-gpg/RPM-GPG-KEY-redhat-release"
      + " on RHEL; name the file in release.keys of weir's configuration";

  /** In bytes. */
  private static final long LARGEST = 8 << 20;
  private static final Pattern BEGIN = Pattern.compile("^-----BEGIN PGP ([^\\r\\n]+)-----[ \\t]*$", Pattern.MULTILINE);

  KeyRing {
    rings = List.copyOf(rings);
  }

  /**
   * All keys of all files.
   *
   * @param files OpenPGP public keys, armored or not, any number in each
   * @throws IOException if there is none, or a file cannot be read; the message is a sentence that says what to do
   */
  static KeyRing of(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      throw new IOException("there is no key to check signatures of releases with: " + WHICH);
    }
    List<PGPPublicKeyRing> rings = new ArrayList<>();
    for (Path file : files) {
      rings.addAll(read(file));
    }
    return new KeyRing(rings);
  }

  private static List<PGPPublicKeyRing> read(Path file) throws IOException {
    try {
      List<PGPPublicKeyRing> found = new ArrayList<>();
      for (byte[] block : blocks(file, bytes(file))) {
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(block))) {
          new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator()).forEach(found::add);
        }
      }
      if (found.isEmpty()) {
        throw new IOException("release.keys: " + file + " holds no OpenPGP key; " + WHICH);
      }
      return found;
    } catch (PGPException e) {
      throw new IOException("release.keys: " + file + " cannot be read as OpenPGP keys: " + e.getMessage(), e);
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException("release.keys: there is no file " + file + "; " + WHICH);
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException("release.keys: " + file + " is too large for a file of keys; " + WHICH);
    }
    return Files.readAllBytes(file);
  }

  /** Each armored block of its own, for a file may have several and text between them; without any, all of it. */
  private static List<byte[]> blocks(Path file, byte[] content) throws IOException {
    String text = new String(content, ISO_8859_1);
    List<byte[]> found = new ArrayList<>();
    Matcher begin = BEGIN.matcher(text);
    for (int at = 0; begin.find(at);) {
      String kind = begin.group(1);
      if (!kind.equals("PUBLIC KEY BLOCK")) {
        throw new IOException("release.keys: " + file + " holds a " + kind + " where public keys alone belong");
      }
      String end = "-----END PGP " + kind + "-----";
      int last = text.indexOf(end, begin.end());
      if (last < 0) {
        throw new IOException("release.keys: " + file + " breaks off in the middle of a key");
      }
      at = last + end.length();
      found.add((text.substring(begin.start(), at) + "\n").getBytes(ISO_8859_1));
    }
    return found.isEmpty() ? List.of(content) : found;
  }

  /** The key; where any of the files knows of a revocation, as that one has it. */
  Optional<SigningKey> find(long id) {
    List<SigningKey> found = new ArrayList<>();
    for (PGPPublicKeyRing ring : rings) {
      PGPPublicKey key = ring.getPublicKey(id);
      if (key != null) {
        found.add(new SigningKey(key, latest(ring.getPublicKey())));
      }
    }
    return found.stream().filter(SigningKey::isRevoked).findFirst().or(() -> found.stream().findFirst());
  }

  private PGPPublicKey latest(PGPPublicKey primary) {
    return rings.stream().map(PGPPublicKeyRing::getPublicKey)
        .filter(each -> each.hasRevocation() && Arrays.equals(each.getFingerprint(), primary.getFingerprint()))
        .findFirst().orElse(primary);
  }
}
