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

import org.jspecify.annotations.Nullable;

import dev.weir.server.config.HttpConfig;
import dev.weir.server.config.Secret;
import dev.weir.server.push.Seal;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/** The secret that seals upload addresses: as configured, or made once and kept, so that uploads survive a restart. */
final class HttpSecret {
  private static final int BYTES = 32;
  private static final ObjectKey KEPT = new ObjectKey("weir/http.secret");

  private HttpSecret() {}

  static Seal.Secret of(HttpConfig config, Storage storage) throws IOException {
    Optional<Secret> configured = config.secret().filter(secret -> !secret.value().isEmpty());
    if (configured.isPresent()) {
      byte[] secret = configured.get().value().getBytes(StandardCharsets.UTF_8);
      return () -> secret;
    }
    return storage.isShared() ? new Shared(storage.store()) : kept(storage.root().resolve(KEPT.value()));
  }

  private static Seal.Secret kept(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) < BYTES) {
      create(file);
    }
    byte[] secret = Files.readAllBytes(file);
    return () -> secret;
  }

  /** One for all processes on a bucket, which may not answer yet when this one starts. */
  private static final class Shared implements Seal.Secret {
    private final ObjectStore store;
    private volatile byte @Nullable [] known;

    Shared(ObjectStore store) {
      this.store = store;
    }

    @Override
    public byte[] bytes() throws IOException {
      byte[] secret = known;
      if (secret == null) {
        var _ = store.putIfAbsent(KEPT, fresh());
        secret = store.get(KEPT).orElseThrow(() -> new IOException(KEPT + " was made and is not there"));
        known = secret;
      }
      return secret;
    }
  }

  private static byte[] fresh() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /** Under another name first: a crash must not leave half a secret. */
  private static void create(Path file) throws IOException {
    byte[] secret = fresh();
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
