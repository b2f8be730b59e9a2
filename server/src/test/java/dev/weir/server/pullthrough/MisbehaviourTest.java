package dev.weir.server.pullthrough;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.cache.Persistence;
import dev.weir.server.registry.Patience;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.upstream.UpstreamSettings;
import dev.weir.server.wiring.Waits;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What quay.io and registry.redhat.io are known to do wrong. The client sees one success, or one honest error and then a
 * success; and what upstream delivered is counted.
 */
@Timeout(300)
final class MisbehaviourTest {
  private static final int SIZE = 6 << 20;
  private static final int HALF = SIZE / 2;
  private static final int MEGABYTE = 1 << 20;
  /** Little enough for a time-out to end soon, and twice what a busy machine needs for an answer. */
  private static final Waits WAITS = new Waits(
      new UpstreamSettings.Patience(Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(3),
          Duration.ofSeconds(10)),
      Patience.DEFAULT, Persistence.DEFAULT);
  private static final String REPOSITORY = "origin/team/app";
  private static final String LAYER = "/sha256/";
  private static final String MANIFEST = "/manifests/";
  private static final String REGISTRY = "/blobs/";

  @TempDir private Path folder;

  private final byte[] layer = Bytes.random(12, SIZE);
  private final byte[] config = "{\"architecture\":\"none\"}".getBytes(StandardCharsets.UTF_8);
  private final Digest digest = Digest.sha256(layer);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /** A fault, and for which requests it waits. */
  record Planned(String part, Fault fault) {}

  private static Planned on(String part, Fault fault) {
    return new Planned(part, fault);
  }

  private static Fault expired() {
    return new Fault.Instead(MockAnswer.text(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>"));
  }

  private static Stream<Arguments> harmless() {
    return Stream.of(List.of(
        row("the body is cut in the middle", 1, on(LAYER, new Fault.CutAt(HALF))),
        row("the connection is reset in the middle", 1, on(LAYER, new Fault.ResetAt(HALF))),
        row("the body is cut again and again", 4, on(LAYER, new Fault.CutAt(MEGABYTE)),
            on(LAYER, new Fault.CutAt(MEGABYTE)), on(LAYER, new Fault.CutAt(1)), on(LAYER, new Fault.CutAt(HALF))),
        row("the body stalls", 1, on(LAYER, new Fault.StallAt(HALF))),
        row("a range is answered with everything", 1, on(LAYER, new Fault.CutAt(MEGABYTE / 2)),
            on(LAYER, new Fault.IgnoreRange())),
        row("the address expired", 1, on(LAYER, new Fault.CutAt(HALF)), on(LAYER, expired())),
        row("the address never worked", 0, on(LAYER, expired())),
        row("the delivery server hangs up", 1, on(LAYER, new Fault.HangUp()), on(LAYER, new Fault.HangUp()),
            on(LAYER, new Fault.CutAt(HALF))),
        row("502 with HTML for a manifest", 0, on(MANIFEST, Fault.badGateway()), on(MANIFEST, Fault.badGateway())),
        row("502 with HTML for a blob", 0, on(REGISTRY, Fault.badGateway()), on(LAYER, Fault.badGateway())),
        row("429 without a time", 0, on(MANIFEST, Fault.tooManyRequests()), on(REGISTRY, Fault.tooManyRequests()),
            on(LAYER, Fault.tooManyRequests())),
        row("429 with a time", 0, on(MANIFEST, Fault.tooManyRequests("1")), on(REGISTRY, Fault.tooManyRequests("1"))),
        row("429 in the middle", 1, on(LAYER, new Fault.CutAt(HALF)), on(REGISTRY, Fault.tooManyRequests("1"))),
        row("nothing is wrong", 0))).flatMap(List::stream).flatMap(MisbehaviourTest::atEach);
  }

  record Row(String name, int interruptions, List<Planned> faults) {}

  private static Row row(String name, int interruptions, Planned... faults) {
    return new Row(name, interruptions, List.of(faults));
  }

  private static Stream<Arguments> atEach(Row row) {
    Supplier<ScriptedRegistry> quay = ScriptedRegistry::quay;
    Supplier<ScriptedRegistry> redhat = ScriptedRegistry::redhat;
    return Stream.of(arguments("quay.io", quay, row), arguments("registry.redhat.io", redhat, row));
  }

  private ScriptedRegistry publish(Supplier<ScriptedRegistry> kind) {
    ScriptedRegistry registry = kind.get();
    open.add(registry);
    registry.addImage("team/app", "1.0", config, layer);
    return registry;
  }

  private TestWeir start(ScriptedRegistry registry) {
    TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("origin", registry.uri()).waits(WAITS).start();
    open.add(weir);
    return weir;
  }

  private long delivered(ScriptedRegistry registry) {
    return registry.deliveries().stream().filter(each -> each.path().endsWith(digest.toString()))
        .mapToLong(Delivery::length).sum();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("harmless")
  void theClientSeesOneSuccessAndNoRangeComesTwice(String name, Supplier<ScriptedRegistry> kind, Row row) {
    ScriptedRegistry registry = publish(kind);
    TestWeir weir = start(registry);
    row.faults().stream().filter(planned -> planned.part().equals(MANIFEST))
        .forEach(planned -> registry.next(planned.part(), planned.fault()));
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    assertThat(weir.client().blob(REPOSITORY, Digest.sha256(config)).body()).isEqualTo(config);
    row.faults().stream().filter(planned -> !planned.part().equals(MANIFEST))
        .forEach(planned -> registry.next(planned.part(), planned.fault()));
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
    assertThat(delivered(registry)).isLessThanOrEqualTo(SIZE + SIZE / 50 + (long) row.interruptions() * MEGABYTE);
  }

  /** Between its halves, everything that let us in has expired. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("both")
  void tokenAndAddressMayExpireWhileTheLinkIsCut(String name, Supplier<ScriptedRegistry> kind) throws IOException {
    ScriptedRegistry registry = publish(kind);
    TestWeir weir = start(registry);
    registry.pauseBodiesAfter(HALF);
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + REPOSITORY + "/blobs/" + digest)) {
      byte[] begun = pull.read(HALF - 100_000);
      registry.revokeTokens();
      registry.expireSignatures();
      registry.resumeBodies();
      registry.cdn().cutConnections();
      byte[] rest = pull.readAll();
      assertThat(Digest.sha256(concat(begun, rest))).isEqualTo(digest);
    }
    assertThat(delivered(registry)).isLessThanOrEqualTo(SIZE + SIZE / 50 + MEGABYTE);
  }

  /** What is shown cannot be taken back: the client is cut, and its next try has all of it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("both")
  void aFlippedByteIsOneHonestErrorAndThenASuccess(String name, Supplier<ScriptedRegistry> kind) throws IOException {
    ScriptedRegistry registry = publish(kind);
    TestWeir weir = start(registry);
    assertThat(weir.client().manifest(REPOSITORY, "1.0").status()).isEqualTo(200);
    registry.next(LAYER, new Fault.FlipAt(HALF));
    try (RawPull pull = RawPull.start(weir.port(), "/v2/" + REPOSITORY + "/blobs/" + digest)) {
      assertThat(pull.readAll()).hasSizeLessThan(SIZE);
    }
    long wasted = delivered(registry);
    assertThat(weir.client().blob(REPOSITORY, digest).body()).isEqualTo(layer);
    assertThat(delivered(registry) - wasted).isLessThanOrEqualTo(SIZE + SIZE / 50);
    assertThat(weir.metric("weir_refetched_bytes_total")).isEqualTo((double) SIZE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("both")
  void whatUpstreamDoesNotHaveIsOneHonest404(String name, Supplier<ScriptedRegistry> kind) {
    TestWeir weir = start(publish(kind));
    assertThat(weir.client().manifest(REPOSITORY, "2.0").code()).isEqualTo("MANIFEST_UNKNOWN");
    assertThat(weir.client().manifest(REPOSITORY, "2.0").status()).isEqualTo(404);
  }

  private static Stream<Arguments> both() {
    Supplier<ScriptedRegistry> quay = ScriptedRegistry::quay;
    Supplier<ScriptedRegistry> redhat = ScriptedRegistry::redhat;
    return Stream.of(arguments("quay.io", quay), arguments("registry.redhat.io", redhat));
  }

  private static byte[] concat(byte[] one, byte[] other) {
    byte[] all = java.util.Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}
