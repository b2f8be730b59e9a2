package dev.weir.server.archive.out;

import java.io.IOException;

/** Writes a cargo in one format. Each file has its name once it is whole; a second run writes only what is not. */
public interface Export {
  /**
   * Writes.
   *
   * @throws IOException if it could not be written; what was finished stays, and the next run goes on from there
   */
  Report write(Held held, Cargo cargo, Progress.Shown shown) throws IOException;
}
