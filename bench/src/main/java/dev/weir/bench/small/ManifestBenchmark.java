package dev.weir.bench.small;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;

/** What is read out of a manifest that is pushed, or comes from upstream. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ManifestBenchmark {
  /** How many layers it names. */
  @Param({"5", "60"}) private int layers;

  private byte[] content = {};

  @Benchmark
  public ManifestDocument aDocument() {
    return ManifestDocument.parse(content());
  }

  @Benchmark
  public Digest itsDigest() {
    return Digest.sha256(content());
  }

  private byte[] content() {
    if (content.length == 0) {
      content = document(layers).getBytes(StandardCharsets.UTF_8);
    }
    return content;
  }

  private static String document(int layers) {
    return """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": %s, "layers": [%s]}"""
        .formatted(descriptor("config.v1+json", 0),
            IntStream.rangeClosed(1, layers).mapToObj(i -> descriptor("layer.v1.tar+gzip", i))
                .collect(Collectors.joining(",")));
  }

  private static String descriptor(String type, int number) {
    return "{\"mediaType\": \"application/vnd.oci.image." + type + "\", \"size\": " + (1000 + number)
        + ", \"digest\": \"" + Digest.sha256(new byte[]{(byte) number}) + "\"}";
  }
}
