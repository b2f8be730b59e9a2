package dev.weir.server.precache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;

/**
 * The keys that releases are signed with, as a person configured them: never any that came with what they are to check. Read
 * anew each time.
 *
 * @param files OpenPGP public keys, armored or not
 */
public record ReleaseKeys(List<Path> files) {
  private static final String WHICH = "the release key of Red Hat (fingerprint 567E347AD0044ADE55BA8A5F199E2F91FD431D51) is"
      + " published at https://access.redhat.com/security/team/key and lies in /etc/pki/rpm-gpg/RPM-GPG-KEY-redhat-release"
      + " on RHEL; name the file in release.keys of weir's configuration";

  public ReleaseKeys {
    files = List.copyOf(files);
  }

  /**
   * All keys of all files.
   *
   * @throws IOException if there is none, or a file cannot be read; the message is a sentence that says what to do
   */
  Ring read() throws IOException {
    if (files.isEmpty()) {
      throw new IOException("there is no key to check signatures of releases with: " + WHICH);
    }
    List<PGPPublicKeyRingCollection> rings = new ArrayList<>();
    for (Path file : files) {
      rings.add(read(file));
    }
    return new Ring(rings);
  }

  private static PGPPublicKeyRingCollection read(Path file) throws IOException {
    try (InputStream in = PGPUtil.getDecoderStream(Files.newInputStream(file))) {
      PGPPublicKeyRingCollection found = new PGPPublicKeyRingCollection(in, new BcKeyFingerprintCalculator());
      if (found.size() == 0) {
        throw new IOException("release.keys: " + file + " holds no OpenPGP key; " + WHICH);
      }
      return found;
    } catch (NoSuchFileException e) {
      throw new IOException("release.keys: there is no file " + file + "; " + WHICH, e);
    } catch (PGPException e) {
      throw new IOException("release.keys: " + file + " cannot be read as OpenPGP keys: " + e.getMessage(), e);
    }
  }

  /** Some keys. */
  record Ring(List<PGPPublicKeyRingCollection> rings) {
    Optional<PGPPublicKey> find(long id) throws IOException {
      for (PGPPublicKeyRingCollection ring : rings) {
        PGPPublicKey key = ring.getPublicKey(id);
        if (key != null) {
          return Optional.of(key);
        }
      }
      return Optional.empty();
    }
  }
}
