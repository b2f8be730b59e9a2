package dev.weir.server.registry;

import java.io.IOException;

import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.StoreUnavailableException;

/** Looks after blobs that seem to be damaged. Thread-safe; may take the time of reading the blob. */
public interface BlobCare {
  /** Believes what lies there. */
  BlobCare NONE = new BlobCare() {
    @Override
    public boolean isDamaged(Digest digest) {
      return false;
    }

    @Override
    public boolean isDamaged(Digest digest, IOException failure) {
      return false;
    }

    @Override
    public boolean dropCopy(Digest digest) {
      return false;
    }

    @Override
    public void claim(Digest digest) {}

    @Override
    public void alone(Digest digest, Step step) throws IOException {
      step.run();
    }
  };

  /** What is done to one blob. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Whether a blob whose size is not what a manifest says is damaged. True: it was taken away, and may be fetched anew. */
  boolean isDamaged(Digest digest) throws IOException;

  /** The same of a blob that could not be read. */
  boolean isDamaged(Digest digest, IOException failure) throws IOException;

  /** Throws away a copy that is kept at hand of what lies in the store. False: there was none. */
  boolean dropCopy(Digest digest) throws IOException;

  /**
   * A client is told that the blob is there, if it is: then it stays for a while. To be called before it is looked for.
   *
   * @throws IOException if that cannot be promised now
   */
  void claim(Digest digest) throws IOException;

  /**
   * A manifest from upstream, which says {@code document}, is about to be kept.
   *
   * @throws StoreUnavailableException if that cannot be done now
   */
  default void kept(Digest manifest, ManifestDocument document) throws IOException {}

  /** The same where a client waits who need not: waits for no deletion. */
  default void keptAtOnce(Digest manifest, ManifestDocument document) throws IOException {}

  /** A tag is about to be pointed at the manifest, by what upstream says: others who are letting it go leave it, or it is not done. */
  default void named(Digest manifest) throws IOException {}

  /** Does {@code step} while nobody takes the blob away. */
  void alone(Digest digest, Step step) throws IOException;
}
