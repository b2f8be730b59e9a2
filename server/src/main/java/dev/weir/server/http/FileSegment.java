package dev.weir.server.http;

import java.nio.channels.FileChannel;

import io.netty.channel.DefaultFileRegion;

/** A stretch of a file for sendfile. The channel stays open: it belongs to the blob's body. */
final class FileSegment extends DefaultFileRegion {
  FileSegment(FileChannel file, long from, long length) {
    super(file, from, length);
  }

  @Override
  protected void deallocate() {
    // the channel has another owner
  }
}
