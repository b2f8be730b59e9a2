package dev.weir.server.cache;

import java.io.IOException;

import dev.weir.storage.Digest;

/** What operators want to hear of downloads. Called on the download's thread; must not block or throw. */
public interface DownloadEvents {
  /** @param resumedFrom how many bytes an earlier download had left, which are not fetched again */
  void started(Digest digest, long resumedFrom);

  /** @param fetched in bytes, without those of an earlier download */
  void completed(Digest digest, long fetched);

  /** @param cause a {@link DigestMismatch} where upstream sent something else than it should */
  void failed(Digest digest, IOException cause);
}
