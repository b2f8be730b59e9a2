package dev.weir.bench.small;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import dev.weir.storage.Digest;

/** SHA-256 over a piece of a blob as it comes from a socket: microseconds for 256 KiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HashBenchmark {
  private static final int PIECE_BYTES = 256 * 1024;

  private final MessageDigest hash = Digest.Algorithm.SHA256.newHash();
  private final ByteBuffer heap = ByteBuffer.allocate(PIECE_BYTES);
  private final ByteBuffer direct = ByteBuffer.allocateDirect(PIECE_BYTES);

  @Benchmark
  public MessageDigest onTheHeap() {
    hash.update(heap.clear());
    return hash;
  }

  @Benchmark
  public MessageDigest outOfTheHeap() {
    hash.update(direct.clear());
    return hash;
  }
}
