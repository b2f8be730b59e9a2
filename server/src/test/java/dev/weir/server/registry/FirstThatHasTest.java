package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.upstream.FakeUpstream;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class FirstThatHasTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final UpstreamRepository first = repository("first");
  private final UpstreamRepository second = repository("second");
  private final UpstreamRepository third = repository("third");
  private final List<UpstreamRepository> asked = new ArrayList<>();

  private UpstreamRepository repository(String name) {
    Upstream upstream = new Upstream(name, new FakeUpstream(name), false, new UpstreamHealth(now::get));
    return new UpstreamRepository(upstream, RepositoryName.parse("a"), RepositoryName.parse(name + "/a"));
  }

  private String ask(List<IOException> failures) throws IOException {
    return FirstThatHas.of(List.of(first, second, third), repository -> {
      asked.add(repository);
      if (asked.size() <= failures.size()) {
        throw failures.get(asked.size() - 1);
      }
      return repository.label();
    });
  }

  @Test
  void theFirstThatHasItIsTheLastThatIsAsked() throws IOException {
    assertThat(ask(List.of())).isEqualTo("first/a");
    assertThat(asked).containsExactly(first);
  }

  @ParameterizedTest
  @EnumSource
  void whateverOneSaysTheNextIsAsked(Kind kind) throws IOException {
    assertThat(ask(List.of(FakeUpstream.failure(kind), new IOException("shared", FakeUpstream.failure(kind)))))
        .isEqualTo("third/a");
    assertThat(asked).containsExactly(first, second, third);
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
  @CsvSource({
      "ABSENT, ABSENT, ABSENT, ABSENT",
      "ABSENT, DENIED, ABSENT, DENIED",
      "DENIED, ABSENT, ABSENT, DENIED",
      "ABSENT, ABSENT, FAILED, FAILED",
      "TIMED_OUT, ABSENT, DENIED, TIMED_OUT",
      "DENIED, RATE_LIMITED, ABSENT, RATE_LIMITED",
      "FAILED, TIMED_OUT, RATE_LIMITED, FAILED",
      "ABSENT, TIMED_OUT, FAILED, TIMED_OUT"
  })
  void theAnswerThatLeavesMostOpenIsTold(Kind a, Kind b, Kind c, Kind told) {
    UpstreamException e = catchThrowableOfType(UpstreamException.class,
        () -> ask(List.of(FakeUpstream.failure(a), new IOException(FakeUpstream.failure(b)), FakeUpstream.failure(c))));
    assertThat(e.kind()).isEqualTo(told);
  }

  @ParameterizedTest(name = "after {0} it is down: {1}")
  @CsvSource({"ABSENT, false", "DENIED, false", "RATE_LIMITED, false", "FAILED, true", "TIMED_OUT, true"})
  void healthIsNotedForEach(Kind kind, boolean down) throws IOException {
    ask(List.of(new IOException("shared", FakeUpstream.failure(kind))));
    assertThat(first.upstream().health().isDown()).isEqualTo(down);
    assertThat(second.upstream().health().isDown()).isFalse();
    now.set(Instant.EPOCH.plus(Duration.ofSeconds(10)));
    assertThat(first.upstream().health().isDown()).isFalse();
  }

  @Test
  void anAnswerThatMakesNoSenseIsNoOutage() throws IOException {
    ask(List.of(FakeUpstream.nonsense()));
    assertThat(first.upstream().health().isDown()).isFalse();
  }

  @Test
  void whoWasDownAMomentAgoIsAskedLast() throws IOException {
    first.upstream().health().failed();
    ask(List.of());
    assertThat(asked).containsExactly(second);
  }

  @Test
  void anAnswerEndsTheHoldOff() throws IOException {
    first.upstream().health().failed();
    second.upstream().health().failed();
    third.upstream().health().failed();
    assertThat(first.upstream().health().isDown()).isTrue();
    ask(List.of());
    assertThat(first.upstream().health().isDown()).isFalse();
  }

  @Test
  void aFailureOfOursEndsTheAsking() {
    assertThatThrownBy(() -> ask(List.of(new IOException("disk")))).hasMessage("disk");
    assertThat(asked).containsExactly(first);
  }
}
