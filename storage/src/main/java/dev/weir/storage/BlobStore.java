package dev.weir.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Blobs, each stored once for all repositories, and the links that say which repository may give one out.
 *
 * <p>Thread-safe. Whoever commits has verified the digest: what lies here is trusted (registry:2 does the same).
 */
public final class BlobStore {
  private final ObjectStore store;
  private final Links links;

  public BlobStore(ObjectStore store) {
    this.store = store;
    this.links = new Links(store);
  }

  /** The blob's bytes, whichever repository it came in by; the caller closes it. */
  public Optional<StoredObject> open(Digest digest) throws IOException {
    return store.open(Layout.blob(digest));
  }

  /** The blob's size in bytes. */
  public OptionalLong size(Digest digest) throws IOException {
    return store.size(Layout.blob(digest));
  }

  /** Stores verified content. The file is taken. */
  public void commit(Digest digest, Path verified) throws IOException {
    store.putFile(Layout.blob(digest), verified);
  }

  /** Stores verified content. */
  public void commit(Digest digest, byte[] verified) throws IOException {
    if (store.size(Layout.blob(digest)).orElse(-1) != verified.length) {
      store.putBytes(Layout.blob(digest), verified);
    }
  }

  /** Whether the repository may give the blob out. Says nothing of whether its bytes are here. */
  public boolean isLinked(RepositoryName name, Digest digest) throws IOException {
    return links.read(Layout.layerLink(name, digest)).isPresent();
  }

  /** Lets the repository give the blob out. */
  public void link(RepositoryName name, Digest digest) throws IOException {
    if (!isLinked(name, digest)) {
      links.write(Layout.layerLink(name, digest), digest);
    }
  }

  /** Takes the blob from the repository; its bytes stay for others. False: it was not linked. */
  public boolean unlink(RepositoryName name, Digest digest) throws IOException {
    return store.delete(Layout.layerLink(name, digest));
  }
}
