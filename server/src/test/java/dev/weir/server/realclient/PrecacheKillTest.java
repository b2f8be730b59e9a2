package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.server.ocreplay.Workers;
import dev.weir.server.precache.Commands;
import dev.weir.server.precache.Report;
import dev.weir.server.precache.SignatureStore;
import dev.weir.server.precache.TestKey;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** A release of full shape, precached from a mock quay by a weir that is killed three times meanwhile. */
@Timeout(600)
@NeedsPrograms({Podman.PROGRAM, Skopeo.PROGRAM})
class PrecacheKillTest {
  private static final String RELEASE = "openshift-release-dev/ocp-release";
  private static final String COMPONENTS = "openshift-release-dev/ocp-v4.0-art-dev";
  private static final String NAME = "quay.io/" + RELEASE + ":4.17.16-x86_64";
  /** That of a real one, 190 components, with layers a hundredth of their size; what is in flight at a kill is not smaller. */
  private static final Shape SHAPE = new Shape(191, 251, Long.getLong("weir.test.precache-divisor", 128));
  /** Of each body shortly before a kill, which so finds several half way; the rest of the time the link is fast. */
  private static final long PACE = 400_000;
  private static final int[] KILLED_AT_PERCENT = {20, 50, 80};
  private static final int PACED_FOR_PERCENT = 2;
  private static final int PULLED_BY_PODMAN = 6;
  private static final int PULLS_AT_ONCE = 3;

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();
  private final SignatureStore signatures = new SignatureStore();
  private final SyntheticRelease release = SyntheticRelease.of("4.17.16", SHAPE, 17);

  @AfterEach
  void close() {
    quay.close();
    signatures.close();
  }

  /** Returns the bytes of its blobs. */
  private long publish(TestKey key) throws IOException {
    for (SyntheticImage image : release.components()) {
      publish(COMPONENTS, image);
      quay.addImage(COMPONENTS, "sha256-" + image.digest().hex() + ".sig", bytes("config of a signature"),
          bytes("signature of " + image.digest()));
    }
    publish(RELEASE, release.image());
    Digest digest = release.image().digest();
    quay.tag(RELEASE, "4.17.16-x86_64", digest);
    signatures.put(digest, 1, key.sign(TestKey.Signing.of(digest.toString(), NAME)));
    return release.blobs().stream().mapToLong(SyntheticBlob::size).sum();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void publish(String repository, SyntheticImage image) throws IOException {
    for (SyntheticBlob blob : image.blobs()) {
      try (InputStream content = blob.content().get()) {
        quay.addBlob(repository, content.readAllBytes());
      }
    }
    quay.addManifest(repository, SyntheticImage.MEDIA_TYPE,
        new String(image.manifest(), UTF_8));
  }

  private long delivered() {
    return quay.cdn().deliveries().stream().mapToLong(Delivery::length).sum();
  }

  /** Each byte once, however often it came. */
  private long deliveredOnce() {
    return quay.cdn().deliveries().stream().collect(Collectors.groupingBy(Delivery::path)).values().stream()
        .mapToLong(PrecacheKillTest::union).sum();
  }

  private static long union(List<Delivery> ofOne) {
    long end = 0;
    long sum = 0;
    for (Delivery each : ofOne.stream().sorted(Comparator.comparingLong(Delivery::from)).toList()) {
      sum += Math.max(0, each.to() - Math.max(end, each.from()));
      end = Math.max(end, each.to());
    }
    return sum;
  }

  @Test
  void aReleaseComesWholeOverThreeKillsAndClientsThatFollowWhatIsEmittedHaveAllOfItWithoutItsUpstream()
      throws Exception {
    TestKey key = TestKey.create();
    long size = publish(key);
    Path root = folder.resolve("weir");
    Commands commands = new Commands(root);
    try (WeirProcess weir = WeirProcess.start(folder, root, """
        upstreams: {quay.io: {remoteurl: '%s', maxsegments: 1}}
        release: {keys: ['%s'], signatures: ['%s']}
        """.formatted(quay.uri(), key.writeTo(folder.resolve("key.asc")), signatures.uri()))) {
      assertThat(commands.run("precache", "--release", NAME, "--dry-run", "--output", "json"))
          .as(commands.out() + commands.err()).isZero();
      Report dry = commands.report();
      assertThat(dry.images()).isEqualTo(191);
      assertThat(dry.bytes()).isGreaterThan(size);
      quay.forget();

      CompletableFuture<Integer> client = CompletableFuture.supplyAsync(
          () -> commands.run("precache", "--release", NAME, "--pin", "4.17.16", "--output", "json"));
      for (int percent : KILLED_AT_PERCENT) {
        awaitDelivered(dry.fetchBytes() * (percent - PACED_FOR_PERCENT) / 100, client);
        quay.paceBodies(PACE);
        awaitDelivered(dry.fetchBytes() * percent / 100, client);
        weir.kill();
        quay.paceBodies(Long.MAX_VALUE);
        weir.start();
      }
      assertThat(client.get()).as(commands.out() + commands.err()).isZero();
      Report report = commands.report();
      assertThat(report.complete()).isTrue();
      assertThat(report.imagesHeld()).isEqualTo(191);
      assertThat(deliveredOnce()).as("what was to be fetched, as the dry run said").isEqualTo(dry.fetchBytes());
      assertThat(quay.cdn().deliveries()).as("gone on with in the middle").anyMatch(each -> each.from() > 0);
      assertThat(delivered()).isLessThanOrEqualTo(dry.fetchBytes() + dry.fetchBytes() / 50);

      quay.close();
      signatures.close();
      followingWhatIsEmitted(weir);
    }
  }

  /** As nodes do: by the names that a release has at its source, and by digest. */
  private void followingWhatIsEmitted(WeirProcess weir) throws Exception {
    String toml = new Command(
        WeirProgram.brief("openshift", "registries-conf", "--config", folder.resolve("weir.yml").toString(), "--host",
            weir.hostAndPort(), "--never-contact-source"),
        Map.of(), Duration.ofMinutes(1)).run().orFail().stdout();
    ClientHome home = ClientHome.in(folder.resolve("n")).registries(toml);
    Skopeo skopeo = new Skopeo(home);
    Workers.run(PULLS_AT_ONCE, release.images(), image -> {
      Path target = folder.resolve("pulled-" + image.digest().hex());
      skopeo.copyAllByConfiguration(source(image), target).orFail();
      assertHolds(target, image);
    });
    Podman podman = new Podman(home);
    for (SyntheticImage image : sample()) {
      podman.pullByConfiguration(source(image)).orFail();
      assertThat(podman.digests(source(image))).contains(image.digest());
    }
  }

  private String source(SyntheticImage image) {
    return "quay.io/" + (image.equals(release.image()) ? RELEASE : COMPONENTS) + "@" + image.digest();
  }

  /** The release image, and components from all over it. */
  private List<SyntheticImage> sample() {
    List<SyntheticImage> all = release.components();
    return Stream.concat(Stream.of(release.image()),
        IntStream.range(1, PULLED_BY_PODMAN).mapToObj(i -> all.get(i * all.size() / PULLED_BY_PODMAN))).toList();
  }

  /** Its manifest to the byte, and every blob that it names, which skopeo has held against their digests. */
  private static void assertHolds(Path pulled, SyntheticImage image) throws IOException {
    assertThat(pulled.resolve("manifest.json")).hasBinaryContent(image.manifest());
    for (SyntheticBlob blob : image.blobs()) {
      assertThat(pulled.resolve(blob.digest().hex())).hasSize(blob.size());
    }
  }

  private void awaitDelivered(long bytes, CompletableFuture<Integer> client) {
    while (delivered() < bytes && !client.isDone()) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(client.isDone()).as("killed in the middle").isFalse();
  }
}
