package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An image across a link of 10 Mbit/s with 100 ms of delay there and back and one lost packet in a hundred, on which
 * connections break and which is away at times.
 *
 * <p>With {@code -Dweir.thinlink=full} 100 MB, which takes five minutes, and docker-registry beside it for three times
 * as long as weir took: {@code bench/thin-link}.
 */
@NeedsPrograms({"ip", "python3"})
final class ThinLinkTest {
  private static final boolean IS_FULL = "full".equals(System.getProperty("weir.thinlink"));
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final double BYTES_PER_SECOND = 10e6 / 8;

  /** What is tried, and what is held to be good; all times in seconds. */
  private record Trial(int bytes, int cutEvery, List<String> downs, int down, double mostBytes, double slack) {
    static final Trial FULL = new Trial(100_000_000, 20, List.of("30:60", "130:60"), 120, 1.03, 1.3);
    /** The first seconds of a download, which try how many streams help, weigh more here; one stream alone takes 70 s. */
    static final Trial SHORT = new Trial(12_000_000, 8, List.of("4:3"), 3, 1.10, 4);

    double mostSeconds() {
      return slack * bytes / BYTES_PER_SECOND + down;
    }
  }

  @TempDir private Path folder;

  private final Trial trial = IS_FULL ? Trial.FULL : Trial.SHORT;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Digest layer = Digest.sha256(new byte[0]);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Path publish() throws IOException {
    Path root = folder.resolve("content");
    Path repository = root.resolve("team/app");
    Files.createDirectories(repository.resolve("blobs"));
    byte[] content = new byte[trial.bytes()];
    new Random(11).nextBytes(content);
    layer = Digest.sha256(content);
    Files.write(repository.resolve("blobs/" + layer), content);
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    Files.write(repository.resolve("blobs/" + Digest.sha256(config)), config);
    byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
        + descriptor("config.v1+json", config) + ",\"layers\":[" + descriptor("layer.v1.tar", content) + "]}")
        .getBytes(StandardCharsets.UTF_8);
    Path manifests = Files.createDirectories(repository.resolve("manifests"));
    Files.write(manifests.resolve(Digest.sha256(manifest).toString()), manifest);
    Files.createSymbolicLink(manifests.resolve("1.0"), Path.of(Digest.sha256(manifest).toString()));
    return root;
  }

  private static String descriptor(String type, byte[] content) {
    return "{\"mediaType\":\"application/vnd.oci.image." + type + "\",\"digest\":\"" + Digest.sha256(content)
        + "\",\"size\":" + content.length + "}";
  }

  private ThinLink link(Path content) throws IOException {
    List<String> options = new ArrayList<>(List.of("--cut", String.valueOf(trial.cutEvery())));
    trial.downs().forEach(down -> options.addAll(List.of("--down", down)));
    ThinLink link = ThinLink.start(folder, content, options.toArray(String[]::new));
    open.add(link);
    return link;
  }

  private ServerProcess launch(ThinLink link, List<String> command) {
    ServerProcess server = ServerProcess.start(link.within(command), Map.of("NO_PROXY", "*", "no_proxy", "*"),
        port -> new Wire(URI.create("http://" + link.inside() + ":" + port)));
    open.add(server::kill);
    return server;
  }

  private ServerProcess weir(ThinLink link) throws IOException {
    Path config = Files.writeString(folder.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "%s:0"}
        storage: {filesystem: {rootdirectory: "%s"}}
        upstreams: {up: {remoteurl: "%s"}}
        """.formatted(link.inside(), folder.resolve("weir"), link.registry()));
    return launch(link, List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        "dev.weir.server.Main", "serve", config.toString()));
  }

  private ServerProcess peer(ThinLink link) throws IOException {
    Path config = Files.writeString(folder.resolve("peer.yml"), """
        version: 0.1
        storage: {filesystem: {rootdirectory: "%s"}}
        http: {addr: "%s:0"}
        proxy: {remoteurl: "%s"}
        """.formatted(folder.resolve("peer"), link.inside(), link.registry()));
    return launch(link, List.of(DockerRegistryProcess.PROGRAM, "serve", config.toString()));
  }

  /** As clients do: what breaks is asked for again, from where it broke. Returns the seconds; negative: not within these. */
  private double pull(URI server, String repository, double mostSeconds) throws IOException {
    long began = System.nanoTime();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    long at = 0;
    while (at < trial.bytes() && seconds(began) < mostSeconds) {
      at = part(client, server.resolve("/v2/" + repository + "/blobs/" + layer), hash, at,
          mostSeconds - seconds(began));
    }
    if (at < trial.bytes()) {
      return -1;
    }
    assertThat(Digest.of(Digest.Algorithm.SHA256, hash)).isEqualTo(layer);
    return seconds(began);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** Where in the blob it ends. A server that gives no part begins anew, and what is no part of the blob does not count. */
  private static long part(HttpClient client, URI blob, MessageDigest hash, long from, double mostSeconds) {
    long at = from;
    long began = System.nanoTime();
    var request = HttpRequest.newBuilder(blob).timeout(Duration.ofMillis(Math.max(1, (long) (mostSeconds * 1000))));
    HttpRequest asked = from > 0 ? request.header("Range", "bytes=" + from + "-").build() : request.build();
    try {
      HttpResponse<InputStream> answer = client.send(asked, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() / 100 != 2) {
        answer.body().close();
        Thread.sleep(BETWEEN_TRIES);
        return from;
      }
      if (answer.statusCode() == 200) {
        hash.reset();
        at = 0;
      }
      InputStream body = answer.body();
      byte[] piece = new byte[64 * 1024];
      for (int count = body.read(piece); count >= 0 && seconds(began) < mostSeconds; count = body.read(piece)) {
        hash.update(piece, 0, count);
        at += count;
      }
      body.close();
    } catch (IOException e) {
      // broken: the caller goes on
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return at;
  }

  @Test
  void anImageArrivesInTimeAndHardlyAnyByteTwice() throws Exception {
    assumeTrue(ThinLink.isPossible(), "needs root and /dev/net/tun");
    Path content = publish();
    double took;
    try (ThinLink link = link(content)) {
      ServerProcess weir = weir(link);
      took = pull(URI.create("http://" + link.inside() + ":" + weir.port()), "up/team/app", 900);
      weir.kill();
      long crossed = link.end();
      System.out.printf("weir: %d bytes in %.1f s, %d bytes over the link%n", trial.bytes(), took, crossed);
      assertThat(took).as("seconds").isBetween(0.0, trial.mostSeconds());
      assertThat((double) crossed / trial.bytes()).as("bytes over the link for each byte")
          .isLessThan(trial.mostBytes());
    }
    if (IS_FULL) {
      besideIt(content, 3 * took);
    }
  }

  private void besideIt(Path content, double mostSeconds) throws IOException {
    try (ThinLink link = link(content)) {
      ServerProcess peer = peer(link);
      double took = pull(URI.create("http://" + link.inside() + ":" + peer.port()), "team/app", mostSeconds);
      peer.kill();
      System.out.printf("docker-registry: %s, %d bytes over the link%n",
          took < 0 ? "did not finish in %.1f s".formatted(mostSeconds) : "%.1f s".formatted(took), link.end());
    }
  }
}
