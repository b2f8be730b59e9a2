package dev.weir.server.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.weir.storage.StoredObject;

/** A whole blob in a local file, which stays readable when it goes from its directory. */
final class KeptFile implements StoredObject {
  private final FileChannel channel;
  private final long size;

  KeptFile(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.of(channel);
  }

  @Override
  public InputStream read() throws IOException {
    return Channels.newInputStream(channel.position(0));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
