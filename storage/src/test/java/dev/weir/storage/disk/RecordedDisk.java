package dev.weir.storage.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A directory of the machine that remembers everything done to it through {@link #root()}. */
public final class RecordedDisk {
  private final Journal journal = new Journal();
  private final RecordedPath root;

  /** @param directory there, and empty */
  public RecordedDisk(Path directory) throws IOException {
    Path real = directory.toRealPath();
    this.root = new RecordedPath(new RecordedFileSystem(real, journal), real);
  }

  /** The directory, as programs under test are given it. */
  public Path root() {
    return root;
  }

  public Journal journal() {
    return journal;
  }

  /** What has happened so far, to lose the power at any point of it. */
  public PowerCuts powerCuts() {
    return new PowerCuts(journal.changes());
  }
}
