package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

import com.google.errorprone.annotations.FormatMethod;

import dev.weir.server.config.ConfigException;
import dev.weir.server.wiring.Weir;

/**
 * The main job in small, in acts: an image pulled through a weir from another, and pulled again when that one is gone.
 * Each act fails with an exception that says what was not as it should be.
 */
class Demo {
  private static final String UPSTREAM = "origin";
  private static final double MEBIBYTE = 1 << 20;

  private final DemoSite site;
  private final PrintWriter out;
  private final long payloadBytes;

  /** @param payloadBytes how large the image is */
  Demo(DemoSite site, PrintWriter out, long payloadBytes) {
    this.site = site;
    this.out = out;
    this.payloadBytes = payloadBytes;
  }

  void run() throws IOException, InterruptedException, ConfigException {
    say("weir demo: two weirs on this machine's loopback interface, no network; files in %s", site.folder());
    DemoImage image = DemoImage.storeIn(site.root(UPSTREAM), site.folder().resolve("layer"), payloadBytes);
    Weir origin = site.start(UPSTREAM, "{}");
    Weir weir = site.start("weir", "{%s: {remoteurl: 'http://127.0.0.1:%d'}}".formatted(UPSTREAM, origin.port()));
    say("upstream:     127.0.0.1:%d holds %s:%s, an image of %s", origin.port(), image.repository(), image.tag(),
        size(image.layer().size()));
    say("weir:         127.0.0.1:%d holds nothing; 127.0.0.1:%d is its upstream \"%s\"", weir.port(), origin.port(),
        UPSTREAM);
    try (DemoClient client = new DemoClient(weir.port())) {
      pull(client, image, "cold:         %s, from upstream");
      site.stop(origin);
      say("upstream:     stopped");
      beforeSecondPull(weir);
      pull(client, image, "again:        %s, with upstream gone");
      askForMore(client, image);
    }
  }

  /** For tests that spoil the second pull. */
  void beforeSecondPull(Weir weir) throws IOException {}

  private void pull(DemoClient client, DemoImage image, String line) throws IOException, InterruptedException {
    DemoClient.Pull pull = client.image(UPSTREAM + "/" + image.repository(), image.tag().value(), image.digest());
    say("%s; %d requests, all digests match", line.formatted(speed(pull.bytes(), pull.time())), pull.requests());
  }

  private void askForMore(DemoClient client, DemoImage image) throws IOException, InterruptedException {
    String name = UPSTREAM + "/" + image.repository();
    DemoClient.Refusal refusal = client.absent(name, "2.0");
    if (refusal.status() != 502) {
      throw new IOException("a tag never pulled, with upstream gone, answered " + refusal.status() + " and not 502");
    }
    say("never pulled: %s:2.0 answers %d after %s: %s", name, refusal.status(), seconds(refusal.time()),
        refusal.sentence());
  }

  private static String speed(long bytes, Duration time) {
    double rate = bytes / MEBIBYTE / Math.max(1e-9, time.toNanos() / 1e9);
    return String.format(Locale.ROOT, "%s in %s (%.0f MiB/s)", size(bytes), seconds(time), rate);
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MEBIBYTE);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
  }

  @FormatMethod
  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
