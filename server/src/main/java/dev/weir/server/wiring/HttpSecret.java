package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.Secret;

/** The secret that seals upload addresses: as configured, or made once and kept, so that uploads survive a restart. */
final class HttpSecret {
  private static final int BYTES = 32;

  private HttpSecret() {}

  static byte[] of(HttpConfig config, Path root) throws IOException {
    Optional<Secret> configured = config.secret().filter(secret -> !secret.value().isEmpty());
    if (configured.isPresent()) {
      return configured.get().value().getBytes(StandardCharsets.UTF_8);
    }
    Path file = root.resolve("weir/http.secret");
    if (!Files.exists(file) || Files.size(file) < BYTES) {
      create(file);
    }
    return Files.readAllBytes(file);
  }

  /** Under another name first: a crash must not leave half a secret. */
  private static void create(Path file) throws IOException {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    Path fresh = file.resolveSibling("http.secret.new");
    Files.deleteIfExists(fresh);
    try {
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new IOException("cannot create " + fresh, e);
    }
    try (FileChannel open = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      open.write(ByteBuffer.wrap(secret));
      open.force(true); // a power cut must not leave one that everybody can guess
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
