package dev.weir.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

/** Certificates between {@code -----BEGIN} and {@code -----END} lines (RFC 7468). Other blocks are passed over. */
final class Pem {
  private static final int DER_SEQUENCE = 0x30;
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[]{'\n'});

  private Pem() {}

  /** All certificates in {@code content}, at least one, in their order. */
  static List<X509Certificate> certificates(Path file, byte[] content) throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(new String(content, ISO_8859_1)))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
        if (block.getType().equals("CERTIFICATE") || block.getType().equals("X509 CERTIFICATE")) {
          found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.getContent())));
        }
      }
    } catch (IOException | CertificateException | IllegalStateException | IllegalArgumentException e) {
      throw new TlsException(file + " holds a certificate that cannot be read: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new TlsException(file + " holds no certificate in PEM" + hint(content));
    }
    return found;
  }

  private static String hint(byte[] content) {
    if (content.length == 0) {
      return "; it is empty";
    }
    return content[0] == DER_SEQUENCE ? "; if it is one in DER, convert it: openssl x509 -inform der" : "";
  }

  /** One block, with the line lengths that every reader takes. */
  static String text(String type, byte[] der) {
    return "-----BEGIN " + type + "-----\n" + new String(LINES.encode(der), US_ASCII) + "\n-----END " + type
        + "-----\n";
  }
}
