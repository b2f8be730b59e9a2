package dev.weir.server.conformance;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** All parts of the suite on one stack, which its tests share: each uses repositories of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance implements PullTests, PushTests, ChunkTests, ManifestTests, DiscoveryTests, ManagementTests {
  private Stack stack;

  abstract Stack start(Path directory) throws IOException;

  @BeforeAll
  void begin(@TempDir Path directory) throws IOException {
    stack = start(directory);
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Override
  public Stack stack() {
    return stack;
  }
}
