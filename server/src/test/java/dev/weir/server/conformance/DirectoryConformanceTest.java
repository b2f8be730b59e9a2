package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

class DirectoryConformanceTest extends Conformance {
  @Override
  Stack start(Path directory) throws IOException {
    return Stack.overDirectory(directory);
  }
}
