package dev.weir.server.archive.in;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import dev.weir.server.archive.Connection;

/** Content in memory, for small things. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bytes(byte[] content) implements Connection.Body {
  @Override
  public long length() {
    return content.length;
  }

  @Override
  public boolean lasts() {
    return true;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(content);
  }
}
