package dev.weir.server.realclient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.NodePull;
import dev.weir.server.ocreplay.OcReplay;
import dev.weir.server.ocreplay.OcWatcher;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.SharedRadosgw;

import static org.assertj.core.api.Assertions.assertThat;

/** Three weirs on one bucket of a real S3, behind a balancer that gives each request to another, while some of them die. */
@NeedsPrograms({Balancer.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
@ExtendWith(SharedRadosgw.class)
class BalancedReplicasTest {
  private static final String REPOSITORY = "ocp4/openshift4";
  private static final int REPLICAS = 3;
  /** Of what is sent, and of what is asked for: somewhere in the middle of a release of the small shape. */
  private static final long KILL_AFTER_BYTES = 2 << 20;

  /** The weirs and what stands before them. */
  private record Farm(List<WeirProcess> weirs, Balancer balancer) implements AutoCloseable {
    static Farm open(Path directory, Radosgw server) throws IOException {
      String bucket = server.newBucket();
      List<WeirProcess> weirs = IntStream.range(0, REPLICAS)
          .mapToObj(number -> weir(directory.resolve("weir" + number), server, bucket)).toList();
      return new Farm(weirs,
          Balancer.over(directory.resolve("nginx"), weirs.stream().map(WeirProcess::port).toList()));
    }

    private static WeirProcess weir(Path directory, Radosgw server, String bucket) {
      try {
        Files.createDirectories(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return WeirProcess.startOn(directory, "{" + server.yaml(bucket) + ", delete: {enabled: true}}",
          "upstreams: {}\ncache: {scratch: {path: '" + directory.resolve("scratch") + "'}}\n");
    }

    @Override
    public void close() {
      balancer.close();
      weirs.forEach(WeirProcess::close);
    }
  }

  /** Kills one weir when so much was sent. */
  private static final class Killer implements OcWatcher {
    private final WeirProcess victim;
    private final AtomicLong left = new AtomicLong(KILL_AFTER_BYTES);

    Killer(WeirProcess victim) {
      this.victim = victim;
    }

    @Override
    public void sends(int bytes) {
      if (left.getAndAdd(-bytes) > 0 && left.get() <= 0) {
        victim.kill();
      }
    }

    boolean hasStruck() {
      return left.get() <= 0;
    }
  }

  /** A job that is begun once more if it fails, as a person or a script would. */
  private interface Job {
    void run() throws IOException;
  }

  private static void withOneRetry(Job job) throws IOException {
    try {
      job.run();
    } catch (IOException e) {
      job.run();
    }
  }

  @Test
  void aReleaseIsMirroredThroughABalancerWhileReplicasDie(@TempDir Path directory, Radosgw server) throws IOException {
    try (Farm farm = Farm.open(directory, server)) {
      for (int round = 0; round < 2; round++) {
        SyntheticRelease release = SyntheticRelease.of("4.17." + round, Shape.SMALL, round);
        WeirProcess victim = farm.weirs().get(round);
        var killer = new Killer(victim);
        withOneRetry(() -> {
          try (var oc = new OcReplay(farm.balancer().uri(), killer, Optional.empty())) {
            oc.mirror(release.images(), REPOSITORY);
          }
        });
        assertThat(killer.hasStruck()).isTrue();
        withOneRetry(() -> {
          try (var node = new NodePull(farm.balancer().uri(), REPOSITORY)) {
            node.byTag(release.images());
          }
        });
        victim.start();
        try (var node = new NodePull(victim.uri(), REPOSITORY)) {
          node.byDigest(release.images());
        }
      }
    }
  }

  @Test
  void podmanPushesAndPullsThroughABalancer(@TempDir Path directory, Radosgw server) throws IOException {
    var forge = new TestImages(directory);
    List<TestImage> images = List.of(forge.multiArch("team/app", "1.0"), forge.large("team/big", "2.0", 24L << 20));
    try (Farm farm = Farm.open(directory, server)) {
      new RegistryFiller(farm.balancer().uri()).push(images);
      var podman = new Podman(ClientHome.in(directory.resolve("podman")));
      for (TestImage image : images) {
        String pulled = farm.balancer().hostAndPort() + "/" + image;
        podman.pull(pulled).orFail();
        String pushed = farm.balancer().hostAndPort() + "/pushed/" + image;
        podman.push(pulled, pushed).orFail();
        podman.forgetImages();
        farm.weirs().getFirst().kill();
        Outcome again = podman.pull(pushed);
        (again.exit() == 0 ? again : podman.pull(pushed)).orFail();
        farm.weirs().getFirst().start();
        podman.forgetImages();
      }
    }
  }
}
