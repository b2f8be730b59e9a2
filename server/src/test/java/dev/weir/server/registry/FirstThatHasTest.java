package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
  private final FakeUpstream firstHost = new FakeUpstream("first");
  private final UpstreamRepository first = repository(firstHost);
  private final UpstreamRepository second = repository(new FakeUpstream("second"));
  private final UpstreamRepository third = repository(new FakeUpstream("third"));
  private final List<UpstreamRepository> asked = new ArrayList<>();

  private static UpstreamRepository repository(FakeUpstream host) {
    return new UpstreamRepository(new Upstream(host.name(), host, false), RepositoryName.parse("a"),
        RepositoryName.parse(host.name() + "/a"));
  }

  private String ask(List<IOException> failures) throws IOException {
    return FirstThatHas.of(List.of(first, second, third), Duration.ofSeconds(1), (repository, share) -> {
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

  @Test
  void whoIsDownIsAskedLast() throws IOException {
    firstHost.isTakenForDown();
    ask(List.of());
    assertThat(asked).containsExactly(second);
  }

  @Test
  void whoIsDownIsAskedWhenNobodyElseHasIt() throws IOException {
    firstHost.isTakenForDown();
    ask(List.of(FakeUpstream.failure(Kind.ABSENT), FakeUpstream.failure(Kind.ABSENT)));
    assertThat(asked).containsExactly(second, third, first);
  }

  @Test
  void aFailureOfOursEndsTheAsking() {
    assertThatThrownBy(() -> ask(List.of(new IOException("disk")))).hasMessage("disk");
    assertThat(asked).containsExactly(first);
  }
}
