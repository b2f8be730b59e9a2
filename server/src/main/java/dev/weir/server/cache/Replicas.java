package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import dev.weir.storage.Digest;

/** Other weirs on the same store, of which one fetches a blob for all. Thread-safe. */
@FunctionalInterface
public interface Replicas {
  /** There are none, or none that is to be asked. */
  Replicas NONE = (digest, growth) -> Turn.ALONE;

  /** Stands for all of them where it is noted whose bytes were wrong. */
  Source OTHERS = from -> {
    throw new IOException("other weirs are asked for a blob in their own way");
  };

  /** For one download that has begun. */
  Turn turn(Digest digest, Growth growth);

  /** A download, as it is shown to the others. Thread-safe. */
  interface Growth {
    /** In bytes; -1 as long as it is not known. */
    long size();

    /** How many bytes have come, in whatever order. */
    long received();

    /** How many from the beginning on may be shown; the last ones are not among them before the digest matched. */
    long visible();

    /** One more reader, once the size is known. Empty: the download has ended. The caller closes it. */
    Optional<BlobBody> reader() throws IOException;

    /** A place where some of the bytes may lie for a moment; another each time. */
    Path aside();
  }

  /** Who fetches. For the download's thread, except {@link #stop}. Whatever goes wrong here, the download fetches by itself. */
  interface Turn {
    /** Nobody else is asked or told. */
    Turn ALONE = Optional::empty;

    /** What gives more bytes now, rather than upstream. Empty: it is this download's turn to ask upstream. */
    Optional<Source> instead();

    /** {@link #instead} gives no more for now, or never. */
    default void left(IOException why) {}

    /** Whether some of the bytes since the last {@link #distrust} came from {@link #instead}. */
    default boolean hasGiven() {
      return false;
    }

    /** What has come is wrong: no more is taken from others, and what lies there for others goes. */
    default void distrust() {}

    /** No stream of this download's runs for a while: another may have the turn. */
    default void pass() {}

    /** Whether another has stored the blob. Waits for one that is about to. */
    default boolean isStored() {
      return false;
    }

    /** @param stored the blob is in the store now */
    default void end(boolean stored) {}

    /** Waits for nobody any more. Any thread may. */
    default void stop() {}
  }
}
