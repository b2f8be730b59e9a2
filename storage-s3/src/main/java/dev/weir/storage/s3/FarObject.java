package dev.weir.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.storage.StoredObject;

/** An object of a bucket: no file here has it, and any stretch of it may be asked for. */
interface FarObject extends StoredObject {
  @Override
  default Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  default InputStream read() throws IOException {
    return read(0, size());
  }

  @Override
  InputStream read(long from, long end) throws IOException;
}
