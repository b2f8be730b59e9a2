package dev.weir.server.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which memory bytes pass through in a JVM that has weir's options. */
class PooledMemoryTest {
  private static final int MEBIBYTE = 1 << 20;
  /** What a record of TLS takes. */
  private static final int SMALL = 16 << 10;
  private static final int LARGE = FilePieces.MOST_BYTES;

  @Test
  void whatWasGivenBackIsKeptForTheNext() throws Exception {
    assertThat(keptAfter(LARGE, LARGE)).isGreaterThanOrEqualTo(LARGE);
  }

  @Test
  void littleIsKeptOfACrowdOnceAFewComeBehindIt() throws Exception {
    assertThat(keptAfter(LARGE, 100 * MEBIBYTE, 5 * MEBIBYTE)).isLessThanOrEqualTo(12 * MEBIBYTE);
  }

  @Test
  void littleIsKeptOfManySmallOnesOnceAFewComeBehindThem() throws Exception {
    assertThat(keptAfter(SMALL, 100 * MEBIBYTE, 5 * MEBIBYTE)).isLessThanOrEqualTo(4 * MEBIBYTE);
  }

  /** Of the 256 MiB that there may be. */
  @Test
  void whatAllLoopsTogetherKeepLeavesRoomForOthers() throws Exception {
    assertThat(keptByAll(SMALL, 20 * MEBIBYTE, MEBIBYTE)).isLessThanOrEqualTo(32 * MEBIBYTE);
    assertThat(keptByAll(LARGE, 20 * MEBIBYTE, MEBIBYTE)).isLessThanOrEqualTo(96 * MEBIBYTE);
  }

  /** How many bytes Netty has when so many were in use at once, crowd after crowd, in buffers of a size, and none is any more. */
  private static long keptAfter(int size, int... crowds) throws Exception {
    return kept(1, size, crowds);
  }

  /** The same where each loop of a large machine has such crowds, one loop after the other. */
  private static long keptByAll(int size, int... crowds) throws Exception {
    return kept(EventLoops.ENOUGH, size, crowds);
  }

  private static long kept(int loops, int size, int... crowds) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@../bin/jvm.options", "-XX:ActiveProcessorCount=32", "-cp", System.getProperty("java.class.path"),
        Program.class.getName(), Integer.toString(loops), Integer.toString(size)));
    IntStream.of(crowds).map(bytes -> bytes / size).mapToObj(Integer::toString).forEach(command::add);
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(said.strip());
  }

  /** What that JVM runs: the number of event loops, the size of a buffer, and how many at once. */
  static final class Program {
    private Program() {}

    public static void main(String... arguments) throws Exception {
      int[] numbers = Stream.of(arguments).mapToInt(Integer::parseInt).toArray();
      try (EventLoops loops = EventLoops.start(numbers[0])) {
        for (int loop = 0; loop < numbers[0]; loop++) {
          loops.group().submit(() -> {
            for (int i = 2; i < numbers.length; i++) {
              use(numbers[1], numbers[i]);
            }
          }).sync();
        }
        System.out.println(((AdaptiveByteBufAllocator) ByteBufAllocator.DEFAULT).usedDirectMemory());
      }
    }

    private static void use(int size, int count) {
      List<ByteBuf> taken = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        taken.add(ByteBufAllocator.DEFAULT.directBuffer(size, size));
      }
      taken.forEach(ByteBuf::release);
    }
  }
}
