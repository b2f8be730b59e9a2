package dev.weir.server.cache;

import java.io.IOException;

import dev.weir.storage.Digest;

/** What operators want to hear of downloads. Called on the download's thread, or on an event loop; must not block or throw. */
public interface DownloadEvents {
  /** A fetch begins; {@link #completed} or {@link #failed} follows. */
  void started(Digest digest);

  /** So many bytes were left by an earlier download, and are not fetched again from {@code source}. */
  void resumed(String source, long bytes);

  /** So many more bytes came. */
  void fetched(String source, long bytes);

  /** So many of them had come before, or were thrown away. */
  void refetched(String source, long bytes);

  /** There is no room for the blob: one client gets it, or the rest of it, without its being kept. On that client's thread. */
  default void passedThrough(Digest digest) {}

  /** One client gets a blob, or a part of it, out of our own store without its being kept at hand. On that client's thread. */
  default void passedOn(Digest digest) {}

  /** The blob is verified and stored. */
  void completed(Digest digest);

  /** @param cause a {@link DigestMismatch} where upstream sent something else than it should */
  void failed(Digest digest, IOException cause);
}
