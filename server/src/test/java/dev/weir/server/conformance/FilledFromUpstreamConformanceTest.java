package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

class FilledFromUpstreamConformanceTest extends Conformance {
  @Override
  Stack start(Path directory) throws IOException {
    return Stack.withUpstream(directory, true);
  }
}
