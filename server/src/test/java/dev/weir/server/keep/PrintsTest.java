package dev.weir.server.keep;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

final class PrintsTest {
  private static Digest digest(int number) {
    return Digest.sha256(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  @Test
  void allThatWereAddedAreHereAndNoOthers() {
    Prints prints = new Prints();
    for (int i = 0; i < 100_000; i++) {
      prints.add(digest(i));
      prints.add(digest(i));
    }
    for (int i = 0; i < 100_000; i++) {
      assertThat(prints.contains(digest(i))).isTrue();
      assertThat(prints.contains(digest(-1 - i))).isFalse();
    }
  }

  @Test
  void theOneThatBeginsWithNothingIsLikeAnyOther() {
    Prints prints = new Prints();
    Digest zero = new Digest(Digest.Algorithm.SHA256, "0".repeat(64));
    assertThat(prints.contains(zero)).isFalse();
    prints.add(zero);
    assertThat(prints.contains(zero)).isTrue();
  }
}
