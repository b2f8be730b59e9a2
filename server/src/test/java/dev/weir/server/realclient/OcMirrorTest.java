package dev.weir.server.realclient;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.NodePull;
import dev.weir.server.ocreplay.OcReplay;
import dev.weir.server.ocreplay.OcWatcher;
import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code oc adm release mirror} into weir, request by request. */
class OcMirrorTest {
  private static final String REPOSITORY = "ocp4/openshift4";

  /** The release of the shape that was measured; what is sent is known in advance to the request. */
  @Test
  void aReleaseIsMirroredWithoutOneErrorAndASecondRunUploadsNothing(@TempDir Path directory) throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.WHOLE, 1);
    try (var weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\n")) {
      OcReplay.Report first = mirror(weir.uri(), release, new Requests());
      var again = new Requests();
      OcReplay.Report second = mirror(weir.uri(), release, again);

      assertThat(release.images()).hasSize(190);
      assertThat(release.blobs()).hasSize(440);
      assertThat(first).isEqualTo(new OcReplay.Report(0, 0, 0, 440, bytes(release), 190));
      assertThat(second).isEqualTo(new OcReplay.Report(190, 0, 0, 0, 0, 190));
      assertThat(again.byMethod).isEqualTo(Map.of("GET", 191, "PUT", 190));
      assertPulls(weir.uri(), REPOSITORY, release);
      assertThat(weir.log().lines()).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
    }
  }

  /** As when the release was mirrored under another name before. */
  @Test
  void blobsOfAnotherRepositoryAreMountedInsteadOfSent(@TempDir Path directory) throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.SMALL, 2);
    try (var weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\n")) {
      mirror(weir.uri(), release, OcWatcher.NONE);

      try (var oc = new OcReplay(weir.uri(), OcWatcher.NONE, Optional.of(REPOSITORY))) {
        OcReplay.Report other = oc.mirror(release.images(), "other/openshift4");

        long large = release.blobs().stream().filter(blob -> blob.size() >= 16384).count();
        assertThat(other.mounted()).isEqualTo((int) large).isPositive();
        assertThat(other.sent()).isEqualTo(release.blobs().size() - other.mounted());
      }
      assertPulls(weir.uri(), "other/openshift4", release);
    }
  }

  /** As after a run that was cut short between two images. */
  @Test
  void whatARunLeftUndoneIsAllThatTheNextSends(@TempDir Path directory) throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.SMALL, 3);
    try (var weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\n");
        var oc = new OcReplay(weir.uri(), OcWatcher.NONE)) {
      var half = release.images().subList(0, release.images().size() / 2);
      OcReplay.Report first = oc.mirror(half, REPOSITORY);
      OcReplay.Report rest = oc.mirror(release.images(), REPOSITORY);

      assertThat(rest.known()).isEqualTo(half.size());
      assertThat(rest.there()).as("layers that both halves name").isPositive();
      assertThat(first.sent() + rest.sent()).isEqualTo(release.blobs().size());
    }
  }

  /** What fails here is no fault of weir's. */
  @Test
  @NeedsPrograms(DockerRegistryProcess.PROGRAM)
  void theReplayFindsNoFaultWithDockerRegistryEither(@TempDir Path directory) throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.SMALL, 4);
    try (var registry = DockerRegistryProcess.start(directory, directory.resolve("registry"))) {
      OcReplay.Report report = mirror(registry.uri(), release, OcWatcher.NONE);

      assertThat(report.sent()).isEqualTo(release.blobs().size());
      assertPulls(registry.uri(), REPOSITORY, release);
    }
  }

  /** Real clients read what the replay wrote. */
  @Test
  @NeedsPrograms({Podman.PROGRAM, Skopeo.PROGRAM})
  void podmanAndSkopeoReadTheMirroredRelease(@TempDir Path directory) throws IOException {
    SyntheticRelease release = SyntheticRelease.of("4.17.16", Shape.SMALL, 5);
    var home = ClientHome.in(directory.resolve("home"));
    try (var weir = WeirProcess.start(directory, directory.resolve("weir"), "upstreams: {}\n")) {
      mirror(weir.uri(), release, OcWatcher.NONE);

      String repository = weir.hostAndPort() + "/" + REPOSITORY;
      new Podman(home).pull(repository + ":" + release.image().tag()).orFail();
      new Podman(home).pull(repository + "@" + release.components().getFirst().digest()).orFail();
      assertThat(new Skopeo(home).listTags(repository).orFail().stdout())
          .contains(release.images().stream().map(image -> '"' + image.tag() + '"').toList());
    }
  }

  private static OcReplay.Report mirror(URI registry, SyntheticRelease release, OcWatcher watcher)
      throws IOException {
    try (var oc = new OcReplay(registry, watcher)) {
      return oc.mirror(release.images(), REPOSITORY);
    }
  }

  private static void assertPulls(URI registry, String repository, SyntheticRelease release) throws IOException {
    try (var node = new NodePull(registry, repository)) {
      node.byDigest(release.images());
      node.byTag(release.images());
    }
  }

  private static long bytes(SyntheticRelease release) {
    return release.blobs().stream().mapToLong(SyntheticBlob::size).sum();
  }

  /** How many requests of each method there were. */
  private static final class Requests implements OcWatcher {
    final Map<String, Integer> byMethod = new ConcurrentHashMap<>();

    @Override
    public void asks(String method, String path) {
      byMethod.merge(method, 1, Integer::sum);
    }
  }
}
