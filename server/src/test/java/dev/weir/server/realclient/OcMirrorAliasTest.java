package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.NodePull;
import dev.weir.server.ocreplay.OcReplay;
import dev.weir.server.ocreplay.OcWatcher;
import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code oc adm release mirror} into an alias whose upstream has everything already. */
@NeedsPrograms(DockerRegistryProcess.PROGRAM)
class OcMirrorAliasTest {
  private static final String REPOSITORY = "ocp4/openshift4";
  private static final String RELEASES = "openshift-release-dev/ocp-release";
  private static final String COMPONENTS = "openshift-release-dev/ocp-v4.0-art-dev";
  private static final Duration LONGEST_COMPLETION = Duration.ofMinutes(3);
  /** As many images and blobs as the whole, of a quarter of the size: every blob travels twice. */
  private static final Shape MANY = new Shape(Shape.WHOLE.images(), Shape.WHOLE.layers(), 4 * Shape.WHOLE.divisor());

  @Test
  void whatUpstreamHasIsNotSentAndIsAllHereOnceTheJobsHaveEnded(@TempDir Path directory) throws Exception {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", MANY, 1);
    Path root = directory.resolve("weir");
    try (var upstream = upstreamWith(release, directory); var weir = weir(directory, root, upstream)) {
      OcReplay.Report report = mirror(weir, release);

      assertThat(report).isEqualTo(new OcReplay.Report(190, 0, 0, 0, 0, 190));
      awaitCompletion(weir, root);
      upstream.stop();
      assertPulls(weir, release);
      assertThat(new DiskTree(root).assertBlobsAreWhole())
          .containsAll(release.blobs().stream().map(SyntheticBlob::digest).toList());
    }
  }

  /** The next release is not upstream yet, but nearly all of its layers are. */
  @Test
  void layersThatUpstreamConfirmsAreSkippedAndFetched(@TempDir Path directory) throws Exception {
    SyntheticRelease older = SyntheticRelease.of("4.17.16", Shape.SMALL, 2);
    SyntheticRelease newer = SyntheticRelease.of("4.17.17", Shape.SMALL, 2);
    Path root = directory.resolve("weir");
    try (var upstream = upstreamWith(older, directory); var weir = weir(directory, root, upstream)) {
      OcReplay.Report report = mirror(weir, newer);

      int own = newer.images().size() + 1;
      assertThat(report.sent()).as("configurations, and the layer that lists the images").isEqualTo(own);
      assertThat(report.there()).isEqualTo(newer.blobs().size() - own);
      awaitCompletion(weir, root);
      upstream.stop();
      assertPulls(weir, newer);
    }
  }

  @Test
  void theJobsGoOnAfterAKill(@TempDir Path directory) throws Exception {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.SMALL, 3);
    Path root = directory.resolve("weir");
    try (var upstream = upstreamWith(release, directory); var weir = weir(directory, root, upstream)) {
      mirror(weir, release, killedAtTheLastOf(release, weir));
      long leftToDo = new DiskTree(root).incomplete();
      weir.start();

      awaitCompletion(weir, root);
      upstream.stop();
      assertThat(leftToDo).as("jobs that the kill cut short").isPositive();
      assertPulls(weir, release);
    }
  }

  private static DockerRegistryProcess upstreamWith(SyntheticRelease release, Path directory) throws IOException {
    var upstream = DockerRegistryProcess.start(directory, directory.resolve("upstream"));
    try (var oc = new OcReplay(upstream.uri(), OcWatcher.NONE)) {
      oc.mirror(release.components(), COMPONENTS);
      oc.mirror(List.of(release.image()), RELEASES);
    }
    return upstream;
  }

  private static WeirProcess weir(Path directory, Path root, DockerRegistryProcess upstream) {
    return WeirProcess.start(directory, root, """
        upstreams: {up: {remoteurl: "%s"}}
        aliases: {%s: [up/%s, up/%s]}
        cache: {tagttl: 0s}
        """.formatted(upstream.uri(), REPOSITORY, RELEASES, COMPONENTS));
  }

  /** As soon as the last image is acknowledged, because the jobs end soon. */
  private static OcWatcher killedAtTheLastOf(SyntheticRelease release, WeirProcess weir) {
    AtomicInteger left = new AtomicInteger(release.images().size());
    return new OcWatcher() {
      @Override
      public void stored(SyntheticImage image) {
        if (left.decrementAndGet() == 0) {
          weir.kill();
        }
      }
    };
  }

  private static OcReplay.Report mirror(WeirProcess weir, SyntheticRelease release) throws IOException {
    return mirror(weir, release, OcWatcher.NONE);
  }

  private static OcReplay.Report mirror(WeirProcess weir, SyntheticRelease release, OcWatcher watcher)
      throws IOException {
    try (var oc = new OcReplay(weir.uri(), watcher)) {
      return oc.mirror(release.images(), REPOSITORY);
    }
  }

  private static void assertPulls(WeirProcess weir, SyntheticRelease release) throws IOException {
    try (var node = new NodePull(weir.uri(), REPOSITORY)) {
      node.byDigest(release.images());
      node.byTag(release.images());
    }
  }

  /** weir's word for it is its list of what is still to come. */
  private static void awaitCompletion(WeirProcess weir, Path root) throws Exception {
    long deadline = System.nanoTime() + LONGEST_COMPLETION.toNanos();
    while (new DiskTree(root).incomplete() > 0) {
      assertThat(System.nanoTime()).as("not complete after %s:%n%s", LONGEST_COMPLETION, weir.log())
          .isLessThan(deadline);
      Thread.sleep(100);
    }
  }
}
