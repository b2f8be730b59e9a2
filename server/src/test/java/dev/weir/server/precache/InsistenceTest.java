package dev.weir.server.precache;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.weir.server.cache.NoRoom;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(300)
class InsistenceTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<String> troubles = new ArrayList<>();
  private final Insistence insistence = new Insistence(Duration.ofHours(1), new Width(4), nanos::get, stopping::get,
      troubles::add, pause -> {});

  /** Fails in these ways, then answers. */
  private Insistence.Question<String> failing(IOException... failures) {
    return () -> {
      int number = asked.getAndIncrement();
      if (number < failures.length) {
        throw failures[number];
      }
      return "yes";
    };
  }

  @Test
  void whatMayPassIsAskedAgain() throws IOException {
    assertThat(insistence.answer("quay.io", 0,
        failing(RegistryException.gatewayTimeout("slow", null), new IOException("cut"))))
        .isEqualTo("yes");
    assertThat(troubles).containsExactly("slow", "cut");
  }

  @Test
  void whatIsAnAnswerIsNotAskedAgain() {
    for (IOException answer : List.of(new RegistryException(ErrorCode.MANIFEST_UNKNOWN, "none"),
        new RegistryException(ErrorCode.DENIED, "no"), new NoRoom("full"), new IOException(new NoRoom("full")))) {
      asked.set(0);
      assertThatThrownBy(() -> insistence.answer("quay.io", 0, failing(answer))).isSameAs(answer);
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void itEndsWhenNothingCameForTheWholePatience() {
    IOException last = new IOException("the last");
    insistence.came();
    Insistence.Question<String> question = () -> {
      nanos.addAndGet(Duration.ofMinutes(40).toNanos());
      throw asked.incrementAndGet() < 2 ? new IOException("the first") : last;
    };
    assertThatThrownBy(() -> insistence.answer("quay.io", 0, question)).isSameAs(last);
    assertThat(asked).hasValue(2);
  }

  /** A link that is broken is broken for all. */
  @Test
  void oneThatFailsWhereOthersOfTheSameSourceComeIsGivenUpAndOneThatFailsAloneIsNot() throws IOException {
    IOException broken = RegistryException.badGateway("500", null);
    Width wide = new Width(4);
    Insistence impatient = new Insistence(Duration.ofHours(1), wide, nanos::get, stopping::get, trouble -> {},
        pause -> {});
    Insistence.Question<String> amongOthers = () -> {
      asked.incrementAndGet();
      impatient.answer("quay.io", 0, () -> "another");
      throw broken;
    };
    assertThatThrownBy(() -> impatient.answer("quay.io", 0, amongOthers)).isSameAs(broken);
    assertThat(asked).hasValue(8);
    asked.set(0);
    assertThat(impatient.answer("other.io", 0, () -> {
      impatient.answer("quay.io", 0, () -> "another");
      if (asked.incrementAndGet() < 50) {
        throw broken;
      }
      return "yes";
    })).isEqualTo("yes");
  }

  @Test
  void itEndsWhenTheJobDoes() {
    Insistence.Question<String> question = () -> {
      stopping.set(true);
      throw new IOException("cut");
    };
    assertThatThrownBy(() -> insistence.answer("quay.io", 0, question)).isInstanceOf(Stopped.class);
  }
}
