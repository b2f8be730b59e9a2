package dev.weir.server.archive.in;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.archive.Connection;
import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;

/** weir's data while no weir runs: digests are verified here. */
public final class StoreTarget implements Target {
  private static final int BUFFER = 256 << 10;

  private final ObjectStore store;
  private final Content content;
  private final ReleaseSignatures signatures;
  private final Path root;
  private final Path arriving;
  private final Closeable lock;

  /**
   * For the one who holds the lock.
   *
   * @param root where files may grow
   * @param lock given back at the end
   */
  public StoreTarget(ObjectStore store, Path root, Closeable lock) throws IOException {
    this.store = store;
    this.content = Content.of(store);
    this.signatures = new ReleaseSignatures(store);
    this.root = root;
    this.arriving = Files.createDirectories(root.resolve("weir/import"));
    this.lock = lock;
    clear();
  }

  /** What an import left that was killed. */
  private void clear() throws IOException {
    try (var left = Files.list(arriving)) {
      for (Path each : left.toList()) {
        Files.delete(each);
      }
    }
  }

  @Override
  public String shown() {
    return "the data in " + root;
  }

  @Override
  public boolean hasBlob(RepositoryName name, Digest digest, long length) throws IOException {
    Optional<Digest> linked = content.blobs().linked(name, digest);
    return linked.isPresent() && isWhole(linked.get(), length);
  }

  private boolean isWhole(Digest digest, long length) throws IOException {
    OptionalLong size = content.blobs().size(digest);
    return size.isPresent() && (length < 0 || size.getAsLong() == length);
  }

  @Override
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from, long length)
      throws IOException {
    if (!isWhole(digest, length)) {
      return false;
    }
    content.blobs().link(name, digest);
    return true;
  }

  @Override
  public void putBlob(RepositoryName name, Digest digest, Connection.Body body) throws IOException {
    Path file = arrive();
    try {
      Digest actual = write(body, file, digest.algorithm());
      if (!actual.equals(digest)) {
        throw new Refused("its content is another than its digest says");
      }
      content.blobs().commit(digest, file);
      content.blobs().link(name, digest);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public Digest putBlob(RepositoryName name, Connection.Body body) throws IOException {
    Path file = arrive();
    try {
      Digest digest = write(body, file, Digest.Algorithm.SHA256);
      content.blobs().commit(digest, file);
      content.blobs().link(name, digest);
      return digest;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Path arrive() throws IOException {
    return Files.createTempFile(arriving, "blob", null);
  }

  private static Digest write(Connection.Body body, Path file, Digest.Algorithm algorithm) throws IOException {
    MessageDigest hash = algorithm.newHash();
    byte[] piece = new byte[BUFFER];
    long count = 0;
    try (InputStream in = Connection.opened(body); FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int read = Connection.next(in, piece, -1); read >= 0; read = Connection.next(in, piece, -1)) {
        hash.update(piece, 0, read);
        ByteBuffer rest = ByteBuffer.wrap(piece, 0, read);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        count += read;
      }
    }
    if (body.length() >= 0 && count != body.length()) {
      throw new Refused("it breaks off after " + count + " of " + body.length() + " bytes");
    }
    return Digest.of(algorithm, hash);
  }

  @Override
  public Connection.Body blob(RepositoryName name, Digest digest) throws IOException {
    StoredObject object = content.blobs().open(digest)
        .orElseThrow(() -> new Refused(digest + " is not in " + shown()));
    return new Once(object.size(), () -> new OwnedInput(object));
  }

  @Override
  public boolean hasManifest(RepositoryName name, Digest digest) throws IOException {
    return content.manifests().get(name, digest).isPresent() && !content.manifests().isCached(name, digest);
  }

  @Override
  public Optional<Digest> tagged(RepositoryName name, Tag tag) throws IOException {
    Optional<Digest> digest = content.tags().resolve(name, tag);
    return digest.isPresent() && content.tags().isCached(name, tag, digest.get()) ? Optional.empty() : digest;
  }

  @Override
  public void putManifest(RepositoryName name, Reference reference, String mediaType, byte[] bytes)
      throws IOException {
    try {
      ManifestDocument.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new Refused("it is no manifest: " + e.getMessage(), e);
    }
    Digest digest = reference instanceof Digest given ? given : Digest.sha256(bytes);
    content.manifests().putOwned(name, new Manifest(mediaType, digest, bytes));
    if (reference instanceof Tag tag) {
      content.tags().setOwned(name, tag, digest);
    }
  }

  @Override
  public void drop(RepositoryName name, Digest digest) throws IOException {
    content.blobs().unlink(name, digest);
  }

  @Override
  public boolean keepSignature(Digest release, byte[] message) throws IOException {
    if (signatures.add(release, new ArrayList<>(List.of(message))) == 0) {
      throw new Refused(TOO_MANY);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try (lock; store) {
      Files.deleteIfExists(arriving);
    }
  }
}
