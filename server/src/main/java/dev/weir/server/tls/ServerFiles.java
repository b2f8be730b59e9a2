package dev.weir.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An issued certificate and its key, in files beside each other. */
public record ServerFiles(Path certificate, Path key) {
  private static final String AUTHORITY = "ca.crt";

  /**
   * Writes both, over those that were there under the same name. The key goes first: a server that watches both takes them
   * up when the certificate is there too.
   *
   * @param name what the files are called; what a file name cannot have is replaced
   */
  public static ServerFiles write(Path folder, String name, Issued issued) throws IOException {
    CertsDirectory directory = new CertsDirectory(folder);
    String base = name.replaceAll("[^A-Za-z0-9._-]", "_");
    if (base.equals("ca")) {
      throw new TlsException(
          "a certificate whose first name is ca would take the place of the CA; put another name first");
    }
    Files.createDirectories(directory.path());
    directory.write(base + ".key", issued.keyPem());
    directory.write(base + ".crt", issued.certificatePem());
    return new ServerFiles(directory.file(base + ".crt"), directory.file(base + ".key"));
  }

  /** One line for each certificate in {@code directory} but the CA's own. */
  public static List<String> describe(CertsDirectory directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory.path())) {
      for (Path file : files.filter(ServerFiles::isIssued).sorted().toList()) {
        byte[] content = Files.readAllBytes(file);
        lines.add(file + ": " + Description.of(Pem.certificates(file, content).getFirst()));
      }
    }
    return lines;
  }

  private static boolean isIssued(Path file) {
    String name = String.valueOf(file.getFileName());
    return (name.endsWith(".crt") && !name.equals(AUTHORITY)) || name.equals("server.pem");
  }
}
