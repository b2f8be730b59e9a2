package dev.weir.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

/** Where weir's CA and what it issued lies ({@code certs.path}): for weir's user alone, each file whole or not there. */
public final class CertsDirectory {
  private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> PRIVATE_FOLDER = PosixFilePermissions.asFileAttribute(OWNER);
  private static final FileAttribute<?> PRIVATE_FILE = PosixFilePermissions
      .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;

  public CertsDirectory(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  public Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(file(name));
  }

  byte[] read(String name) throws TlsException {
    try {
      return Files.readAllBytes(file(name));
    } catch (IOException e) {
      throw new TlsException(file(name) + " cannot be read: " + reason(e), e);
    }
  }

  /** Work that no other process does here at the same time. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Makes the directory where it is missing, and runs {@code work} alone. */
  <T> T alone(Work<T> work) throws IOException {
    prepare();
    try (FileChannel channel = FileChannel.open(file(".lock"), Set.of(CREATE, WRITE), PRIVATE_FILE);
        var _ = channel.lock()) {
      return work.run();
    }
  }

  /** Writes under another name first, for nobody else's eyes; durable when this returns. */
  void write(String name, String text) throws TlsException {
    Path fresh = file(name + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (FileChannel out = FileChannel.open(fresh, Set.of(CREATE_NEW, WRITE), PRIVATE_FILE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(path, READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new TlsException(file(name) + " cannot be written: " + reason(e), e);
    }
  }

  private void prepare() throws TlsException {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, PRIVATE_FOLDER);
      } else if (!OWNER.containsAll(Files.getPosixFilePermissions(path))) {
        Files.setPosixFilePermissions(path, OWNER);
      }
    } catch (IOException e) {
      throw new TlsException("the directory for certificates, " + path + " (certs.path), cannot be made or kept to"
          + " weir's user: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : e.getClass().getSimpleName().replace("Exception", "");
  }
}
