package dev.weir.server.precache;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.DelayingProxy;
import dev.weir.server.upstream.ScriptedRegistry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Round trips overlap: many small images from far away take not much longer than one, or than their bytes. */
@Timeout(300)
class OverlapTest {
  private static final int IMAGES = 200;
  private static final Duration ONE_WAY = Duration.ofMillis(50);
  private static final int LAYER = 50_000;
  /** Bytes a second over the link. */
  private static final long RATE = 600_000;

  @TempDir private Path folder;

  @Test
  void twoHundredSmallImagesOverALongLinkTakeAtMostTwiceTheirBytesOrOneImagesRoundTrips() throws Exception {
    try (ScriptedRegistry registry = ScriptedRegistry.plain();
        DelayingProxy far = new DelayingProxy(registry.server().port(), ONE_WAY)) {
      long bytes = 0;
      List<String> images = new ArrayList<>();
      for (int i = 0; i <= IMAGES; i++) {
        byte[] config = ("config " + i).getBytes(UTF_8);
        registry.addImage("team/app" + i, "v1", config, PrecacheTest.bytes(i, LAYER));
        images.add("far/team/app" + i + ":v1");
        bytes += config.length + LAYER;
      }
      try (TestWeir _ = TestWeir.in(folder.resolve("data")).upstream("far", far.uri())
          .cache("maxrate: " + RATE + "B/s").section("scrub: {interval: 0s}").start()) {
        Commands commands = new Commands(folder.resolve("data"));
        long one = nanos(commands, images.subList(IMAGES, IMAGES + 1));
        long all = nanos(commands, images.subList(0, IMAGES));
        long ofBytes = bytes * 1_000_000_000 / RATE;
        assertThat(all).as("ns, of one image %d, of their bytes %d", one, ofBytes)
            .isLessThanOrEqualTo(2 * Math.max(one, ofBytes));
      }
    }
  }

  private static long nanos(Commands commands, List<String> images) {
    List<String> words = new ArrayList<>(List.of("precache"));
    words.addAll(images);
    long start = System.nanoTime();
    assertThat(commands.run(words.toArray(String[]::new))).as(commands.out()).isZero();
    return System.nanoTime() - start;
  }
}
