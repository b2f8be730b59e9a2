package dev.weir.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lay under a digest and was something else, kept apart from what is served until the right bytes are back: it says
 * what is missing, and there may be nothing better. Thread-safe.
 */
public final class DamagedBlobs {
  private final ObjectStore store;
  private final ContentListener listener;
  private final Changes changes;

  /**
   * Beside a store's blobs.
   *
   * @param listener told of blobs that come and go by this
   * @param changes what the store's content counts those by that go
   */
  public DamagedBlobs(ObjectStore store, ContentListener listener, Changes changes) {
    this.store = store;
    this.listener = listener;
    this.changes = changes;
  }

  /** Takes the bytes from all repositories. False: there were none. */
  public boolean setAside(Digest digest) throws IOException {
    boolean moved = store.move(Layout.blob(digest), Layout.damaged(digest));
    if (moved) {
      changes.happened();
      listener.blobRemoved(digest);
    }
    return moved;
  }

  /** Puts them back, since they are what they should be. */
  public void putBack(Digest digest, long bytes) throws IOException {
    if (store.size(Layout.blob(digest)).isEmpty() && store.move(Layout.damaged(digest), Layout.blob(digest))) {
      listener.blobStored(digest, bytes);
    }
  }

  /** The bytes that were set aside; the caller closes it. */
  public Optional<StoredObject> open(Digest digest) throws IOException {
    return store.open(Layout.damaged(digest));
  }

  /** Whose bytes were set aside. */
  public List<Digest> all() throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(Layout.DAMAGED, "")) {
      return children.flatMap(child -> Digest.parsed(child.name().replaceFirst("-", ":")).stream()).toList();
    }
  }

  /** Throws them away. False: there were none. */
  public boolean forget(Digest digest) throws IOException {
    return store.delete(Layout.damaged(digest));
  }
}
