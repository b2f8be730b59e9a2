package dev.weir.server.push;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.Referrer;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** What is held, and what somebody else has, which is then kept. Each failure is for one question about content. */
final class FakeUpstream implements Registry {
  @SuppressWarnings("ArrayRecordComponent")
  private record Bytes(byte[] content) {}

  final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  /** Whether a blob that was asked for is in the store when its bytes have come. */
  volatile boolean keepsAtOnce = true;
  private final Content content;
  private final Map<Digest, Bytes> blobs = new ConcurrentHashMap<>();
  private final Map<Digest, Manifest> manifests = new ConcurrentHashMap<>();

  FakeUpstream(Content content) {
    this.content = content;
  }

  void has(byte[]... all) {
    for (byte[] blob : all) {
      blobs.put(Digest.sha256(blob), new Bytes(blob));
    }
  }

  void has(Manifest manifest) {
    manifests.put(manifest.digest(), manifest);
  }

  @Override
  public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
    Digest digest = (Digest) reference;
    Optional<Manifest> held = content.manifests().get(name, digest);
    if (held.isPresent()) {
      return held.get();
    }
    ask("manifest " + digest);
    Manifest found = manifests.get(digest);
    if (found == null) {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN, "nobody has " + digest);
    }
    content.manifests().putCached(name, found, "upstream");
    return found;
  }

  @Override
  public long blobSize(RepositoryName name, Digest digest) throws IOException {
    if (content.blobs().isLinked(name, digest) && content.blobs().size(digest).isPresent()) {
      return content.blobs().size(digest).getAsLong();
    }
    return found(digest).length;
  }

  @Override
  public BlobBody blob(RepositoryName name, Digest digest) throws IOException {
    ask("blob " + digest);
    byte[] found = found(digest);
    if (keepsAtOnce) {
      content.blobs().commit(digest, found);
    }
    return new Body(found.length);
  }

  private byte[] found(Digest digest) throws RegistryException {
    Bytes found = blobs.get(digest);
    if (found == null) {
      throw new RegistryException(ErrorCode.BLOB_UNKNOWN, "nobody has " + digest);
    }
    return found.content();
  }

  private void ask(String what) throws IOException {
    asked.add(what);
    IOException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public Stream<Tag> tags(RepositoryName name, String after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Referrer> referrers(RepositoryName name, Digest subject) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<RepositoryName> repositories(String after) {
    throw new UnsupportedOperationException();
  }

  /** All of it has come. */
  private record Body(long size) implements BlobBody {
    @Override
    public FileChannel file() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long awaitBeyond(long offset) {
      return size;
    }

    @Override
    public void close() {}
  }
}
