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
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
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

  /** A line an image: it would make the start of a weir that holds many slower. */
  @Test
  void whenImagesWereUsedIsReadForTheFirstWalkAndNotBefore() throws IOException {
    Files.createDirectories(root.resolve("weir"));
    FsObjectStore store = new FsObjectStore(root);
    Manifest image = Documents.image("held");
    Content.of(store).manifests().putOwned(RepositoryName.parse("held"), image);
    Path use = Files.writeString(root.resolve("weir/use"), "1 4711\n" + image.digest() + " 5\n");
    try (Steward steward = new Steward(root, holdings, room(), evictor)) {
      Files.writeString(use, "1 4711\n" + image.digest() + " 6\n");
      Content content = Content.of(store, holdings);
      steward.start(content, new Removal(holdings, new Claims(Duration.ofHours(1), clock), content.blobs()));
      steward.rescan();
      Await.until("all is known", holdings::isWhole);
      assertThat(holdings.uses().known()).containsEntry(image.digest(), 6L);
    }
  }

  private Room room() throws IOException {
    return new Room(Disk.of(root), new Marks(total -> total, bound -> bound, bound -> bound), holdings, evictor,
        events);
  }

  @Test
  void theTreeIsNotWalkedBeforeItIsAskedFor() throws IOException {
    Files.createDirectories(root.resolve("weir"));
    FsObjectStore store = new FsObjectStore(root);
    Content content = Content.of(store, holdings);
    try (Steward steward = new Steward(root, holdings, room(), evictor)) {
      steward.start(content, new Removal(holdings, new Claims(Duration.ofHours(1), clock), content.blobs()));
      Await.until("the thread that walks rests", StewardTest::isWalkAtRest);
      assertThat(holdings.isWhole()).isFalse();
      steward.rescan();
      Await.until("all is known", holdings::isWhole);
    }
  }
}
