package dev.weir.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.weir.server.admin.Jobs;

import static org.assertj.core.api.Assertions.assertThat;

class BarsTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private Bars bars(boolean isTerminal) {
    return new Bars(new PrintWriter(err), isTerminal, 80, nanos::get);
  }

  private static Jobs.View at(long done, long total, String trouble) {
    return new Jobs.View("id", "precache", Jobs.State.RUNNING, "", done, total, "", null, null,
        Map.of("phase", "fetching", "images", 190, "complete", 12, "trouble", trouble, "active",
            List.of(Map.of("image", "etcd", "done", 50, "total", 100), Map.of("image", "cli", "done", 1, "total", 4))));
  }

  @Test
  void aTerminalShowsABarForEachImageOnItsWayAndOneLineForAll() {
    Bars bars = bars(true);
    bars.show(at(0, 100 << 20, ""));
    nanos.addAndGet(SECOND);
    bars.show(at(10 << 20, 100 << 20, ""));
    String last = err.toString().substring(err.toString().lastIndexOf("\u001b[J"));
    assertThat(last).contains("[############            ]  50 %  etcd\n", "[######                  ]  25 %  cli\n",
        " 10 %  12 of 190 images  10.0 MiB of 100.0 MiB  10.0 MiB/s  0:09 left\n");
    assertThat(last).as("a line that is too long takes no second one").contains("\u001b[?7l[", " left\n\u001b[?7h");
    assertThat(err.toString()).as("three lines are drawn over").contains("\u001b[3A");
    bars.end();
    assertThat(err.toString()).endsWith("\u001b[3A\r\u001b[J");
  }

  @Test
  void elsewhereALineComesNowAndThenAndSaysWhatIsWrong() {
    Bars bars = bars(false);
    bars.show(at(0, 1000, ""));
    assertThat(err.toString()).isEmpty();
    nanos.addAndGet(6 * SECOND);
    bars.show(at(500, 1000, "quay.io does not answer"));
    nanos.addAndGet(SECOND);
    bars.show(at(501, 1000, ""));
    assertThat(err.toString().lines()).singleElement().asString()
        .matches(
            " 50 %  12 of 190 images  500 B of 1000 B  \\d+ B/s  \\d:\\d\\d left  asking again: quay.io does not answer");
    assertThat(err.toString()).doesNotContain("\u001b");
  }

  @Test
  void beforeSizesAreKnownItCountsImages() {
    Bars bars = bars(true);
    bars.show(new Jobs.View("id", "precache", Jobs.State.RUNNING, "", 3, 190, "x", null, null,
        Map.of("phase", "looking")));
    assertThat(err.toString()).contains("looked at 3 of 190 images");
  }
}
