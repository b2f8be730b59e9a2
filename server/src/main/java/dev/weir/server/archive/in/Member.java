package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;

import dev.weir.server.archive.Connection;

/**
 * One thing in a source, while it is looked at.
 *
 * @param path components with slashes between, as the source has it
 * @param link where a link leads, as it says itself; empty: it is none
 * @param content of what is no link
 * @param lasting whether the content can be read later, too, and again
 */
record Member(String path, String link, Connection.Body content, boolean lasting) {

  boolean isLink() {
    return !link.isEmpty();
  }

  /** Of a small file. */
  byte[] read(int most, String what) throws IOException {
    if (content.length() > most) {
      throw new Damaged(what + " has " + content.length() + " bytes, more than the " + most + " that one may have");
    }
    try (InputStream in = content.open()) {
      return in.readNBytes(most);
    }
  }

  /** A file name: what comes after the last slash. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** All before {@link #name}, with the slash. */
  String folder() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }
}
