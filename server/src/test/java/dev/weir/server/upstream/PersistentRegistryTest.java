package dev.weir.server.upstream;

import java.time.Duration;
import java.time.InstantSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.weir.server.oci.Via;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** An upstream that has no time just now is asked again by weir, not by its clients. */
@Timeout(300)
final class PersistentRegistryTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag TAG = Tag.parse("v1");

  private final ScriptedRegistry mock = ScriptedRegistry.plain();
  private final UpstreamRegistry registry = new PersistentRegistry(
      new GuardedRegistry(Remotes.of(mock), InstantSource.system(), () -> 0), Duration.ofSeconds(5), () -> 0);

  @AfterEach
  void close() throws Exception {
    registry.close();
    mock.close();
  }

  private UpstreamException failure() {
    return catchThrowableOfType(UpstreamException.class, () -> registry.manifest(APP, TAG));
  }

  @Test
  void aStumbleIsOvercome() throws Exception {
    mock.addImage("team/app", "v1", new byte[]{1});
    mock.next("/manifests/v1", Fault.badGateway());
    mock.next("/manifests/v1", new Fault.Instead(MockAnswer.html(503)));
    mock.next("/manifests/v1", Fault.tooManyRequests());
    registry.manifest(APP, TAG);
    assertThat(mock.log()).hasSize(4);
    assertThat(registry.isDown()).isFalse();
  }

  @Test
  void theTimeThatItAsksForIsWaitedAndNobodyElseAsksMeanwhile() throws Exception {
    mock.addImage("team/app", "v1", new byte[]{1});
    mock.next("/manifests/v1", Fault.tooManyRequests("1"));
    long start = System.nanoTime();
    registry.manifest(APP, TAG);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(mock.log()).hasSize(2);
  }

  @Test
  void aTimeBeyondOurPatienceIsToldAtOnceAndNoneOfItIsUsedForAsking() {
    mock.next("/manifests/v1", Fault.tooManyRequests("60"));
    assertThat(failure().retryAfter()).contains(Duration.ofSeconds(60));
    assertThat(failure().kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(mock.log()).hasSize(1);
    assertThat(registry.isDown()).isTrue();
  }

  @Test
  void whatIsNoMatterOfTimeIsToldAtOnce() {
    assertThat(failure().kind()).isEqualTo(Kind.ABSENT);
    mock.close();
    assertThat(failure().kind()).isEqualTo(Kind.FAILED);
  }

  /** It has waited and tried again itself, and it is well. */
  @Test
  void theTroubleOfAnotherWeirsUpstreamIsHandedOnAndIsNoTroubleOfThatWeir() {
    for (int status : new int[]{502, 504, 429}) {
      mock.next("/manifests/v1",
          new Fault.Instead(MockAnswer.html(status).with(Via.HEADER, "1.1 weir-ab12").with("Retry-After", "1")));
      assertThat(failure().kind()).isEqualTo(switch (status) {
        case 504 -> Kind.TIMED_OUT;
        case 429 -> Kind.RATE_LIMITED;
        default -> Kind.FAILED;
      });
      assertThat(registry.isDown()).isFalse();
    }
    assertThat(mock.log()).hasSize(3);
  }
}
