package dev.weir.server.upstream;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Who is asked, in which order, and whose answer counts. */
final class MirroredRegistryTest {
  private static final RepositoryName APP = RepositoryName.parse("team/app");
  private static final Tag TAG = Tag.parse("v1");
  private static final String ASKED = "GET manifest team/app v1";

  private final FakeUpstream near = new FakeUpstream("near");
  private final FakeUpstream far = new FakeUpstream("far");
  private final FakeUpstream origin = new FakeUpstream("origin");
  private final UpstreamRegistry all = new MirroredRegistry(List.of(guarded(near), guarded(far)), guarded(origin));

  private static GuardedRegistry guarded(FakeUpstream host) {
    return new GuardedRegistry(host, () -> Instant.EPOCH, () -> 0);
  }

  private static void publish(FakeUpstream host) {
    byte[] content = "{}".getBytes(UTF_8);
    host.put(APP, TAG, new Manifest("application/json", Digest.sha256(content), content));
  }

  private Kind failure() {
    return catchThrowableOfType(UpstreamException.class, () -> all.manifest(APP, TAG)).kind();
  }

  @Test
  void theFirstMirrorThatHasItIsTheLastThatIsAsked() throws Exception {
    publish(far);
    publish(origin);
    all.manifest(APP, TAG);
    assertThat(near.calls()).containsExactly(ASKED);
    assertThat(far.calls()).containsExactly(ASKED);
    assertThat(origin.calls()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whateverAMirrorSaysTheUpstreamItselfIsAskedInTheEnd(Kind kind) throws Exception {
    near.fails(kind);
    far.fails(kind);
    publish(origin);
    assertThat(all.manifest(APP, TAG).mediaType()).isEqualTo("application/json");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheUpstreamItselfSaysIsTheAnswer(Kind kind) {
    near.fails(Kind.DENIED);
    far.fails(Kind.TIMED_OUT);
    origin.fails(kind);
    assertThat(failure()).isEqualTo(kind);
  }

  @Test
  void aMirrorInTroubleIsAskedAgainOnlyWhenTheUpstreamItselfIsInTroubleToo() throws Exception {
    near.fails(Kind.TIMED_OUT);
    publish(near);
    publish(origin);
    all.manifest(APP, TAG);
    near.calls();
    near.recovers();
    all.manifest(APP, TAG);
    assertThat(near.calls()).isEmpty();
    origin.fails(Kind.FAILED);
    all.manifest(APP, TAG);
    assertThat(near.calls()).containsExactly(ASKED);
  }

  @Test
  void anUpstreamInTroubleIsNotWaitedForAgainWhenAMirrorSaidNoButItIsNoAbsence() {
    origin.fails(Kind.TIMED_OUT);
    assertThat(failure()).isEqualTo(Kind.TIMED_OUT);
    origin.calls();
    assertThat(failure()).isEqualTo(Kind.TIMED_OUT);
    assertThat(origin.calls()).isEmpty();
  }

  @Test
  void aListIsTheRegistrysOwnAndAMirrorsOnlyWhileThatIsInTrouble() throws Exception {
    near.putTags(APP, TAG);
    origin.putTags(APP, TAG, Tag.parse("v2"));
    assertThat(all.tags(APP)).hasSize(2);
    assertThat(near.calls()).isEmpty();
    origin.fails(Kind.TIMED_OUT);
    assertThat(all.tags(APP)).containsExactly(TAG);
  }

  @Test
  void itIsDownWhenAllOfItsHostsAre() {
    near.fails(Kind.FAILED);
    far.fails(Kind.FAILED);
    failure();
    assertThat(all.isDown()).isFalse();
    origin.fails(Kind.FAILED);
    failure();
    assertThat(all.isDown()).isTrue();
  }
}
