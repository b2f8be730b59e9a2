package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;

import dev.weir.server.archive.Connection;

/** Content that can be read once, from wherever it comes. */
record Once(long length, Opening opening) implements Connection.Body {
  /** Begins to read it. */
  @FunctionalInterface
  interface Opening {
    InputStream open() throws IOException;
  }

  @Override
  public InputStream open() throws IOException {
    return opening.open();
  }
}
