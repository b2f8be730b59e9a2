package dev.weir.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * A server on a socket of the file system that its owner alone may open. One that a killed process left under the same
 * name is replaced.
 */
public final class LocalSocket implements AutoCloseable {
  private final Path path;
  private final HttpServer server;

  private LocalSocket(Path path, HttpServer server) {
    this.path = path;
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param path its directory is made where it is absent
   * @throws IOException if it cannot; a path of more than about a hundred bytes is too long for the kernel
   */
  public static LocalSocket start(EventLoops loops, Path path, RequestHandler handler, HttpLimits limits)
      throws IOException {
    Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
    Files.createDirectories(directory);
    // nobody gets through this directory while the socket still has the mode that the umask gave it
    Path closed = Files.createTempDirectory(directory, ".s",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Path fresh = closed.resolve("s");
      HttpServer server = HttpServer.startLocal(loops, fresh, handler, limits, answer -> {});
      try {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        return new LocalSocket(path, server);
      } catch (IOException e) {
        server.close();
        Files.deleteIfExists(fresh);
        throw e;
      }
    } finally {
      Files.deleteIfExists(closed);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
    server.close();
  }
}
