package dev.weir.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The files that ship beside the classes: configurations and scripts. */
final class Resources {
  private Resources() {}

  static InputStream open(String name) throws IOException {
    InputStream found = Resources.class.getResourceAsStream(name);
    if (found == null) {
      throw new FileNotFoundException("no resource " + name + " beside " + Resources.class.getName());
    }
    return found;
  }

  static String text(String name) throws IOException {
    try (InputStream resource = open(name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
