package dev.weir.server.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.keep.Claims;
import dev.weir.server.keep.Removal;
import dev.weir.server.pullthrough.Await;
import dev.weir.storage.Content;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

class StewardTest {
  private final InstantSource clock = InstantSource.system();
  private final Holdings holdings = new Holdings(clock);
  private final SpaceEvents events = new SpaceEvents() {
    @Override
    public void evicted(long bytes) {}

    @Override
    public void refused() {}
  };
  private final Evictor evictor = new Evictor(holdings, new Readers(), events, clock);

  @TempDir private Path root;

  /** All that there are: others may have such threads, too. */
  private static boolean isWalkAtRest() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().equals("walk"))
        .allMatch(each -> Arrays.stream(each.getValue()).anyMatch(at -> at.getMethodName().equals("pause")));
  }

  @Test
  void theTreeIsNotWalkedBeforeItIsAskedFor() throws IOException {
    Files.createDirectories(root.resolve("weir"));
    FsObjectStore store = new FsObjectStore(root);
    Content content = Content.of(store, holdings);
    Room room = new Room(Disk.of(root), new Marks(total -> total, bound -> bound, bound -> bound), holdings, evictor,
        events);
    try (Steward steward = new Steward(root, holdings, room, evictor)) {
      steward.start(content, new Removal(holdings, new Claims(Duration.ofHours(1), clock), content.blobs()));
      Await.until("the thread that walks rests", StewardTest::isWalkAtRest);
      assertThat(holdings.isWhole()).isFalse();
      steward.rescan();
      Await.until("all is known", holdings::isWhole);
    }
  }
}
