package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.storage.s3.S3Proxy;

/** Eight blobs that move into a bucket at once, and then eight that move out of it, through a small heap. */
class BucketHeapTest {
  /** Of each blob; 1024 for what is promised, and then in 20 GiB of temporary files. */
  private static final long MEBIBYTES = Long.getLong("weir.test.large-blob-mib", 48);
  private static final int AT_ONCE = 8;
  private static final String REPOSITORY = "team/large";

  private static ServerProcess weir(Path directory, S3Proxy server, String bucket) throws IOException {
    Files.createDirectories(directory);
    Path config = Files.writeString(directory.resolve("weir.yml"), """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        storage: {%s}
        cache: {scratch: {path: "%s", maxsize: 100GiB}}
        """.formatted(server.yaml(bucket), directory.resolve("scratch")));
    List<String> command = new ArrayList<>(WeirProgram.command("serve", config.toString()));
    command.set(command.indexOf("-Xmx256m"), "-Xmx128m");
    command.add(1, "-XX:+ExitOnOutOfMemoryError");
    return ServerProcess.start(command, Map.of());
  }

  private interface Work {
    void on(SyntheticBlob blob) throws Exception;
  }

  private static void eachAtOnce(List<SyntheticBlob> blobs, Work work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Optional<Void>>> all = new ArrayList<>();
      for (SyntheticBlob blob : blobs) {
        all.add(threads.submit(() -> {
          work.on(blob);
          return Optional.empty();
        }));
      }
      for (Future<Optional<Void>> each : all) {
        each.get();
      }
    }
  }

  @Test
  void eightLargeBlobsAtOncePassThroughASmallHeap(@TempDir Path directory) throws Exception {
    List<SyntheticBlob> blobs = IntStream.range(0, AT_ONCE)
        .mapToObj(seed -> SyntheticBlob.tar("application/vnd.oci.image.layer.v1.tar", seed, MEBIBYTES << 20)).toList();
    try (S3Proxy server = S3Proxy.over(Files.createDirectory(directory.resolve("buckets")))) {
      String bucket = server.newBucket();
      ServerProcess writer = weir(directory.resolve("writer"), server, bucket);
      try {
        LargeBlobs large = new LargeBlobs(writer.port(), REPOSITORY);
        eachAtOnce(blobs, large::push);
      } finally {
        writer.stop();
      }
      ServerProcess reader = weir(directory.resolve("reader"), server, bucket);
      try {
        LargeBlobs large = new LargeBlobs(reader.port(), REPOSITORY);
        eachAtOnce(blobs, large::pull);
      } finally {
        reader.stop();
      }
    }
  }
}
