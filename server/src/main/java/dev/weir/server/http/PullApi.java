package dev.weir.server.http;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ByteRange;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

/** Manifests and blobs, as they are held, in the form that every client of a registry understands. */
final class PullApi {
  private static final String RANGE = "Range";
  private static final String CONTENT_RANGE = "Content-Range";

  /** Nobody counts who only asks whether a blob is there. */
  private static final Repetition UNCOUNTED = () -> {};

  private final Registry registry;
  private final ErrorResponse errors = new ErrorResponse();

  PullApi(Registry registry) {
    this.registry = registry;
  }

  void manifest(Exchange exchange, RepositoryName name, Reference reference) throws IOException {
    Manifest manifest = registry.manifest(name, reference);
    Headers identity = identity(manifest.digest());
    exchange.allowRepeating(() -> registry.servedAgain(name));
    if (isKnown(exchange, manifest.digest())) {
      exchange.respondWithoutBody(304, identity);
    } else {
      exchange.respond(200, Headers.of("Content-Type", manifest.mediaType()).and(identity), manifest.content());
    }
  }

  /** Without {@code Range}, which means nothing to a HEAD (RFC 9110 §14.2). */
  void blobHead(Exchange exchange, RepositoryName name, Digest digest) throws IOException {
    long size = registry.blobSize(name, digest);
    exchange.allowRepeating(UNCOUNTED);
    if (isKnown(exchange, digest)) {
      exchange.respondWithoutBody(304, lasting(digest));
    } else {
      exchange.respondWithoutBody(200, blobHeaders(digest).and("Content-Length", Long.toString(size)));
    }
  }

  void blob(Exchange exchange, RepositoryName name, Digest digest) throws IOException {
    if (isKnown(exchange, digest)) {
      notModified(exchange, name, digest);
      return;
    }
    Optional<URI> address = registry.blobAddress(name, digest);
    if (address.isPresent()) {
      exchange.respond(307, identity(digest).and("Location", address.get().toString()), new byte[0]);
      return;
    }
    try (BlobBody body = registry.blob(name, digest)) {
      exchange.allowRepeating(new BlobAgain(registry, name, digest));
      send(exchange, body, digest);
    } catch (IOException e) {
      registry.unreadable(name, digest, e);
      throw e;
    }
  }

  /** Only for those who might have had the blob: that it exists is for nobody else. */
  private void notModified(Exchange exchange, RepositoryName name, Digest digest) throws IOException {
    registry.blobSize(name, digest);
    exchange.allowRepeating(UNCOUNTED);
    exchange.respondWithoutBody(304, lasting(digest));
  }

  private void send(Exchange exchange, BlobBody body, Digest digest) throws IOException {
    Optional<ByteRange> range;
    try {
      range = body.isWholeOnly() ? Optional.empty() : range(exchange, body.size(), digest);
    } catch (RegistryException e) {
      errors.answer(exchange, e, Headers.of(CONTENT_RANGE, "bytes */" + body.size()));
      return;
    }
    if (range.isPresent()) {
      Headers part = blobHeaders(digest).and(CONTENT_RANGE, range.get().contentRange(body.size()));
      exchange.send(206, part, body, range.get());
    } else {
      exchange.send(200, blobHeaders(digest), body, ByteRange.whole(body.size()));
    }
  }

  private static Optional<ByteRange> range(Exchange exchange, long size, Digest digest) throws RegistryException {
    Optional<String> asked = exchange.header(RANGE);
    if (asked.isEmpty() || !EntityTag.permitsRange(exchange.header("If-Range"), digest)) {
      return Optional.empty();
    }
    return ByteRange.parse(asked.get(), size);
  }

  private static boolean isKnown(Exchange exchange, Digest digest) {
    return EntityTag.isKnown(exchange.header("If-None-Match"), digest);
  }

  private static Headers blobHeaders(Digest digest) {
    return Headers.of("Content-Type", "application/octet-stream").and("Accept-Ranges", "bytes").and(lasting(digest));
  }

  /** A digest's bytes never change. */
  private static Headers lasting(Digest digest) {
    return identity(digest).and("Cache-Control", "max-age=31536000");
  }

  private static Headers identity(Digest digest) {
    return Headers.of("Docker-Content-Digest", digest.toString()).and("ETag", EntityTag.of(digest));
  }

  /** The same blob to another. */
  private record BlobAgain(Registry registry, RepositoryName name, Digest digest) implements Repetition {
    @Override
    public void begun() {
      registry.blobServedAgain(name);
    }

    @Override
    public void failed(IOException why) throws IOException {
      registry.unreadable(name, digest, why);
    }
  }
}
