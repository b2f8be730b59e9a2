package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

class MemoryConformanceTest extends Conformance {
  @Override
  Stack start(Path directory) throws IOException {
    return Stack.inMemory(directory);
  }
}
