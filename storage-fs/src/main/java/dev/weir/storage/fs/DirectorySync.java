package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes what was created, renamed or deleted directly in a directory survive a power cut. */
@FunctionalInterface
interface DirectorySync {
  DirectorySync FSYNC = directory -> {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  };

  /** @throws java.nio.file.NoSuchFileException if the directory is gone */
  void sync(Path directory) throws IOException;
}
