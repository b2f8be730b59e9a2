package dev.weir.server.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Flow;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BodyQueueTest {
  private final BodyQueue queue = new BodyQueue("pull", Duration.ofSeconds(20));
  private final List<Long> requested = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final Random random = new Random(7);

  @BeforeEach
  void subscribe() {
    queue.onSubscribe(new Flow.Subscription() {
      @Override
      public void request(long count) {
        requested.add(count);
      }

      @Override
      public void cancel() {
        requested.add(-1L);
      }
    });
  }

  private ByteBuffer bytes(int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    sent.writeBytes(content);
    return ByteBuffer.wrap(content);
  }

  private void arrive(int... lengths) {
    List<ByteBuffer> piece = new ArrayList<>();
    for (int length : lengths) {
      piece.add(bytes(length));
    }
    queue.onNext(piece);
  }

  private byte[] readAll() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    for (Optional<ByteBuffer> next = queue.next(); next.isPresent(); next = queue.next()) {
      byte[] content = new byte[next.get().remaining()];
      next.get().get(content);
      read.writeBytes(content);
    }
    return read.toByteArray();
  }

  @Test
  void whatWaitsTogetherIsHandedOnAsOneAndPaidForPieceByPiece() throws Exception {
    long window = requested.removeFirst();
    for (int i = 0; i < window; i++) {
      arrive(1000, 0, 500);
    }
    assertThat(queue.next().orElseThrow().remaining()).isEqualTo((int) window * 1500);
    assertThat(requested).containsExactly(window);
  }

  @Test
  void onePieceAloneIsHandedOnAsItIs() throws Exception {
    ByteBuffer alone = bytes(300_000);
    queue.onNext(List.of(alone));
    assertThat(queue.next().orElseThrow()).isSameAs(alone);
  }

  @Test
  void everyByteComesOnceAndInOrderWhateverTheSizes() throws Exception {
    for (int i = 0; i < 60; i++) {
      arrive(random.nextInt(20_000), random.nextInt(3), random.nextInt(200_000));
    }
    queue.onComplete();
    assertThat(readAll()).isEqualTo(sent.toByteArray());
  }

  @Test
  void whatCameBeforeAFailureIsHandedOnBeforeIt() throws Exception {
    arrive(10);
    arrive(20);
    queue.onError(new IOException("reset"));
    assertThat(queue.next().orElseThrow().remaining()).isEqualTo(30);
    assertThatThrownBy(queue::next).isInstanceOf(UpstreamException.class).hasMessageContaining("after 30 bytes");
  }

  @Test
  void emptyPiecesAreNoEnd() throws Exception {
    arrive(0);
    arrive(0, 0);
    arrive(5);
    queue.onComplete();
    assertThat(readAll()).hasSize(5);
  }
}
