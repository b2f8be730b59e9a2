package dev.weir.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  private final ContentListener listener;
  private final Changes changes;

  public BlobStore(ObjectStore store) {
    this(store, ContentListener.NONE);
  }

  /** @param listener told of blobs that come and go */
  public BlobStore(ObjectStore store, ContentListener listener) {
    this(store, listener, new Changes());
  }

  BlobStore(ObjectStore store, ContentListener listener, Changes changes) {
    this.store = store;
    this.listener = listener;
    this.changes = changes;
    this.links = new Links(store);
  }

  /** The blob's bytes, whichever repository it came in by; the caller closes it. */
  public Optional<StoredObject> open(Digest digest) throws IOException {
    return store.open(Layout.blob(digest));
  }

  /** The same for whoever reads nothing but a stretch of it, as {@link ObjectStore#open(ObjectKey, long, long)}. */
  public Optional<StoredObject> open(Digest digest, long from, long to) throws IOException {
    return store.open(Layout.blob(digest), from, to);
  }

  /** The same for whoever takes all of it as it comes, as {@link ObjectStore#openArriving}. */
  public Optional<StoredObject> openArriving(Digest digest) throws IOException {
    return store.openArriving(Layout.blob(digest));
  }

  /** The blob's size in bytes. */
  public OptionalLong size(Digest digest) throws IOException {
    return store.size(Layout.blob(digest));
  }

  /** The same from the store itself, for whoever writes, or does not write, because of it. */
  public OptionalLong sizeForWriting(Digest digest) throws IOException {
    return store.itself().size(Layout.blob(digest));
  }

  /** As {@link ObjectStore#address}. */
  public Optional<URI> address(Digest digest) throws IOException {
    return store.address(Layout.blob(digest));
  }

  /** Stores verified content, in place of any that is there. The file is taken. */
  public void commit(Digest digest, Path verified) throws IOException {
    long bytes = Files.size(verified);
    store.putFile(Layout.blob(digest), verified);
    listener.blobStored(digest, bytes);
  }

  /** Stores a copy of verified content that lies in the same store, in place of any that is there. */
  void commit(Digest digest, ObjectKey verified, long bytes) throws IOException {
    if (!store.copy(verified, Layout.blob(digest))) {
      throw new IOException("cannot make " + verified + " the blob " + digest + ": it is gone");
    }
    listener.blobStored(digest, bytes);
  }

  /** Stores verified content, for small blobs. Writes nothing when exactly that is there already; damaged content is replaced. */
  public void commit(Digest digest, byte[] verified) throws IOException {
    ObjectKey key = Layout.blob(digest);
    boolean isThere = store.itself().size(key).orElse(-1) == verified.length
        && store.itself().get(key).filter(held -> Arrays.equals(held, verified)).isPresent();
    if (!isThere) {
      store.putBytes(key, verified);
      listener.blobStored(digest, verified.length);
    }
  }

  /** Takes the bytes from all repositories; their links stay and promise nothing. False: they were not here. */
  public boolean delete(Digest digest) throws IOException {
    try {
      return store.delete(Layout.blob(digest));
    } finally {
      changes.happened();
      if (size(digest).isEmpty()) {
        listener.blobRemoved(digest);
      }
    }
  }

  /** Whether the repository may give the blob out. Says nothing of whether its bytes are here. */
  public boolean isLinked(RepositoryName name, Digest digest) throws IOException {
    return linked(name, digest).isPresent();
  }

  /**
   * The digest that the bytes lie under, if the repository may give the blob out. Nearly always the one asked for, but
   * registry:2 keeps a blob that was pushed as sha512 under its sha256, with a link from one to the other.
   */
  public Optional<Digest> linked(RepositoryName name, Digest digest) throws IOException {
    return links.read(Layout.layerLink(name, digest));
  }

  /** The same from the store itself, for whoever writes, or does not write, because of it. */
  public Optional<Digest> linkedForWriting(RepositoryName name, Digest digest) throws IOException {
    return links.readForWriting(Layout.layerLink(name, digest));
  }

  /** Lets the repository give the blob out. */
  public void link(RepositoryName name, Digest digest) throws IOException {
    link(name, digest, digest);
  }

  /** Lets the repository give out under {@code digest} what lies under {@code target}; see {@link #linked}. */
  public void link(RepositoryName name, Digest digest, Digest target) throws IOException {
    if (links.readForWriting(Layout.layerLink(name, digest)).isEmpty()) {
      links.write(Layout.layerLink(name, digest), target);
    }
  }

  /** Takes the blob from the repository; its bytes stay for others. False: it was not linked. */
  public boolean unlink(RepositoryName name, Digest digest) throws IOException {
    try {
      return store.delete(Layout.layerLink(name, digest));
    } finally {
      changes.happened();
    }
  }
}
