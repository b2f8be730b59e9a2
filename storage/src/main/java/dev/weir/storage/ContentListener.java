package dev.weir.storage;

/**
 * Told of what becomes of content, for those who keep account of it. What is told is a hint: the tree is the truth. Called
 * on the thread that makes the change, one manifest's changes one after the other; must not block or throw. Thread-safe.
 */
public interface ContentListener {
  ContentListener NONE = new ContentListener() {
  };

  /** How a repository holds a manifest. */
  enum Keeping {
    /** Pushed or restored by a person: it stays. */
    OWNED,
    /** From upstream: it may be evicted. */
    CACHED,
    /** From upstream, and it stays. */
    PINNED
  }

  /** The blob's bytes are here. */
  default void blobStored(Digest digest, long bytes) {}

  /** They are here no more. */
  default void blobRemoved(Digest digest) {}

  /** Before the repository has it, so that nothing that it names is ever taken for nameless; and when the keeping changes. */
  default void manifestKept(RepositoryName name, Digest digest, Keeping keeping, ManifestDocument document) {}

  /** The repository has it with another keeping than before. */
  default void keepingChanged(RepositoryName name, Digest digest, Keeping keeping) {}

  /** The repository has it no more. */
  default void manifestRemoved(RepositoryName name, Digest digest) {}
}
