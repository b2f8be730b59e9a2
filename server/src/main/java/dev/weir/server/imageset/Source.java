package dev.weir.server.imageset;

import java.io.IOException;
import java.io.InputStream;

import dev.weir.server.release.PullSpec;
import dev.weir.storage.Digest;

/** Where graphs and catalogs are read from. May block. */
public interface Source {
  /**
   * The update graph of a channel, in Cincinnati's JSON.
   *
   * @param architecture as Go names it, such as {@code amd64}
   * @throws IOException if it cannot be had; the message says why
   */
  byte[] graph(String channel, String architecture) throws IOException;

  /**
   * A manifest or an index, as it is.
   *
   * @throws IOException if it cannot be had; the message says why
   */
  byte[] manifest(PullSpec image) throws IOException;

  /**
   * A blob of the image's repository; the caller closes it.
   *
   * @throws IOException if it cannot be had; the message says why
   */
  InputStream blob(PullSpec image, Digest blob) throws IOException;
}
