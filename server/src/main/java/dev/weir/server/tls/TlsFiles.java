package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a port's certificate comes from.
 *
 * @param certificate       PEM, the server's own certificate first
 * @param key               PEM; may be the same file
 * @param passphrase        opens the key, where that is encrypted
 * @param clientAuthorities PEM files of the CAs whose clients are let in
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> passphrase, List<Path> clientAuthorities) {
  public TlsFiles {
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /** Reads and checks it all. */
  public TlsMaterial load() throws TlsException {
    return parse(read());
  }

  /** The certificates in a file of CAs. */
  public static List<X509Certificate> authorities(Path file) throws TlsException {
    return Pem.certificates(file, read(file));
  }

  /** What the files hold at this moment, be it of any use or not. */
  Contents read() throws TlsException {
    Map<Path, byte[]> bytes = new LinkedHashMap<>();
    List<Path> all = Stream.of(Stream.of(certificate, key), passphrase.stream(), clientAuthorities.stream())
        .flatMap(each -> each).toList();
    for (Path file : all) {
      bytes.put(file, read(file));
    }
    return new Contents(bytes);
  }

  /** @throws TlsException with what is wrong and in which file */
  TlsMaterial parse(Contents contents) throws TlsException {
    List<X509Certificate> chain = Pem.certificates(certificate, contents.of(certificate));
    PrivateKey parsed = PemKey.read(key, contents.of(key), passphrase.map(contents::of).orElse(null));
    if (!TlsMaterial.belongTogether(chain.getFirst(), parsed)) {
      throw new TlsException("the key in " + key + " is not that of the certificate in " + certificate
          + (anyBelongs(chain, parsed) ? ": it is that of a later one; put the server's own certificate first" : ""));
    }
    List<X509Certificate> authorities = new ArrayList<>();
    for (Path file : clientAuthorities) {
      authorities.addAll(Pem.certificates(file, contents.of(file)));
    }
    return new TlsMaterial(chain, parsed, authorities);
  }

  private static boolean anyBelongs(List<X509Certificate> chain, PrivateKey key) {
    return chain.stream().anyMatch(each -> TlsMaterial.belongTogether(each, key));
  }

  private static byte[] read(Path file) throws TlsException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TlsException(file + " is not there", e);
    } catch (AccessDeniedException e) {
      throw new TlsException(file + " may not be read by the user that weir runs as", e);
    } catch (IOException e) {
      throw new TlsException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The bytes of each file. */
  static final class Contents {
    private final Map<Path, byte[]> bytes;

    Contents(Map<Path, byte[]> bytes) {
      this.bytes = bytes;
    }

    private byte[] of(Path file) {
      return Objects.requireNonNull(bytes.get(file));
    }

    boolean sameAs(Contents other) {
      return bytes.keySet().equals(other.bytes.keySet())
          && bytes.keySet().stream().allMatch(file -> Arrays.equals(of(file), other.of(file)));
    }
  }
}
