package dev.weir.server.registry;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.weir.server.cache.Waiting;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static dev.weir.server.registry.PullThroughRig.ALL_NAMES;
import static dev.weir.server.registry.PullThroughRig.UPSTREAMS_NAME;
import static dev.weir.server.registry.PullThroughRig.image;
import static dev.weir.server.registry.PullThroughRig.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Who is asked for a manifest, and what is served. Every call of an upstream is accounted for. */
@Timeout(300)
final class PullThroughManifestsTest {
  private static final Tag TAG = Tag.parse("v1");
  private static final Manifest OLD = image("old");
  private static final Manifest NEW = image("new");

  @TempDir Path directory;
  private PullThroughRig rig;

  @BeforeEach
  void start() {
    rig = new PullThroughRig(directory);
  }

  @AfterEach
  void nothingStaysOpen() {
    rig.quay.goesOn();
    assertThat(rig.store.openObjects()).isZero();
  }

  private void publishOld() {
    publish(rig.quay, UPSTREAMS_NAME, TAG, OLD);
  }

  private RegistryException refused(String name, dev.weir.storage.Reference reference) {
    return catchThrowableOfType(RegistryException.class, () -> rig.manifest(name, reference));
  }

  @Test
  void aDigestIsFetchedOnceAndThenAsksNobody() throws Exception {
    publishOld();
    assertThat(rig.manifest("quay.io/team/app", OLD.digest()).content()).isEqualTo(OLD.content());
    assertThat(rig.quay.calls()).containsExactly("GET manifest team/app " + OLD.digest());
    rig.quay.fails(Kind.FAILED);
    assertThat(rig.manifest("quay.io/team/app", OLD.digest()).content()).isEqualTo(OLD.content());
    assertThat(rig.quay.calls()).isEmpty();
    assertThat(rig.counts.misses).hasValue(1);
    assertThat(rig.counts.hits).hasValue(1);
  }

  @Test
  void aTagIsServedUnaskedForItsTimeAndThenCostsAHead() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    assertThat(rig.quay.calls()).containsExactly("GET manifest team/app v1");
    rig.pass(PullThroughRig.TTL.minusSeconds(1));
    rig.manifest("app", TAG);
    assertThat(rig.quay.calls()).isEmpty();
    rig.pass(PullThroughRig.TTL);
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1");
    rig.manifest("app", TAG);
    assertThat(rig.quay.calls()).as("confirmed again").isEmpty();
  }

  @Test
  void aTagThatMovedIsFetchedAnewAndTheOldDigestStays() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    publish(rig.quay, UPSTREAMS_NAME, TAG, NEW);
    rig.pass(PullThroughRig.TTL);
    rig.quay.calls();
    for (String name : ALL_NAMES) {
      assertThat(rig.manifest(name, TAG).digest()).isEqualTo(NEW.digest());
    }
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1", "GET manifest team/app v1");
    assertThat(rig.manifest("app", OLD.digest()).content()).isEqualTo(OLD.content());
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void anUpstreamWhoseHeadTellsNothingIsAskedForTheManifest() throws Exception {
    publishOld();
    rig.quay.saysNoDigests();
    rig.manifest("app", TAG);
    rig.pass(PullThroughRig.TTL);
    rig.quay.calls();
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1", "GET manifest team/app v1");
  }

  @Test
  void aTagIsAskedForOnceMoreAfterARestart() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    rig.quay.calls();
    rig.restart(false);
    rig.manifest("app", TAG);
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1");
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "TIMED_OUT"})
  void aHeldTagIsServedWhenUpstreamFailsAndUpstreamIsThenLeftInPeaceUntilItAnswers(Kind kind) throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    rig.quay.fails(kind);
    rig.pass(PullThroughRig.TTL);
    rig.quay.calls();
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.manifest("team/app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1");
    assertThat(rig.counts.stale).hasValue(2);
    rig.quay.recovers();
    rig.pass(java.time.Duration.ofSeconds(10));
    Waiting.until(() -> {
      rig.manifest("app", TAG);
      return rig.quay.calls().contains("HEAD manifest team/app v1");
    });
  }

  @Test
  void aHeldTagIsServedAfterAShortWaitWhenUpstreamHangs() throws Exception {
    rig.hurries();
    publishOld();
    rig.manifest("app", TAG);
    rig.pass(PullThroughRig.TTL);
    rig.quay.hangs();
    rig.quay.calls();
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.manifest("quay.io/team/app", TAG).digest()).isEqualTo(OLD.digest());
    Waiting.until(rig.quay::wasCalled);
    assertThat(rig.quay.calls()).containsExactly("HEAD manifest team/app v1");
  }

  @Test
  void aHeldTagIsServedWhenItsSuccessorFindsNoRoom() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    publish(rig.quay, UPSTREAMS_NAME, TAG, NEW);
    rig.pass(PullThroughRig.TTL);
    rig.store.full(true);
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
  }

  @Test
  void aHeldTagIsServedWhenUpstreamNowSendsNonsense() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    rig.quay.put(UPSTREAMS_NAME, TAG, PullThroughRig.manifestOf("<html>maintenance</html>"));
    rig.pass(PullThroughRig.TTL);
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
  }

  @Test
  void nonsenseInPlaceOfAManifestIsUpstreamsFaultAndNotKept() throws Exception {
    rig.quay.put(UPSTREAMS_NAME, TAG, PullThroughRig.manifestOf("<html>maintenance</html>"));
    RegistryException e = refused("app", TAG);
    assertThat(e.status()).isEqualTo(502);
    assertThat(e.sentence()).contains("quay.io/team/app");
    assertThat(rig.tags.resolve(RepositoryName.parse("quay.io/team/app"), TAG)).isEmpty();
  }

  @Test
  void aPushedTagWinsOverUpstreamForGood() throws Exception {
    publishOld();
    Manifest pushed = image("pushed");
    for (String name : ALL_NAMES) {
      rig.push(name, TAG, pushed);
    }
    rig.pass(PullThroughRig.TTL);
    for (String name : ALL_NAMES) {
      assertThat(rig.manifest(name, TAG).digest()).isEqualTo(pushed.digest());
    }
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void whatIsFetchedUnderAnotherNameLeavesAPushedTagAlone() throws Exception {
    publishOld();
    Manifest pushed = image("pushed");
    rig.push("app", TAG, pushed);
    assertThat(rig.manifest("quay.io/team/app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(pushed.digest());
  }

  @Test
  void everyNameOfAnUpstreamRepositorySharesWhatIsHeldAlsoOffline() throws Exception {
    publishOld();
    for (String first : ALL_NAMES) {
      rig = new PullThroughRig(directory.resolve(first));
      publishOld();
      rig.manifest(first, TAG);
      rig.quay.calls();
      rig.restart(true);
      for (String name : ALL_NAMES) {
        assertThat(rig.manifest(name, TAG).digest()).isEqualTo(OLD.digest());
        assertThat(rig.manifest(name, OLD.digest()).digest()).isEqualTo(OLD.digest());
      }
      assertThat(rig.quay.calls()).isEmpty();
    }
  }

  @Test
  void offlineNobodyIsAskedAndAnAbsenceSaysWhy() {
    publishOld();
    rig.restart(true);
    assertThat(refused("app", TAG).code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
    assertThat(refused("app", OLD.digest()).sentence()).contains("offline");
    rig.restart(false, "quay.io");
    assertThat(refused("app", TAG).code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
    assertThat(refused("app", OLD.digest()).sentence()).contains("offline");
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void whatIsHeldIsServedWhenItsUpstreamIsNoLongerConfigured() throws Exception {
    publishOld();
    rig.manifest("app", TAG);
    rig.restartWithoutUpstreams();
    assertThat(rig.manifest("app", TAG).digest()).isEqualTo(OLD.digest());
    assertThat(rig.manifest("quay.io/team/app", TAG).digest()).isEqualTo(OLD.digest());
  }

  @Test
  void anAliasAsksItsSecondRepositoryForWhatTheFirstDoesNotHave() throws Exception {
    publish(rig.docker, UPSTREAMS_NAME, TAG, NEW);
    assertThat(rig.manifest("either", TAG).digest()).isEqualTo(NEW.digest());
    assertThat(rig.manifest("either", NEW.digest()).digest()).isEqualTo(NEW.digest());
    assertThat(rig.quay.calls()).containsExactly("GET manifest team/app v1");
    assertThat(rig.docker.calls()).containsExactly("GET manifest team/app v1");
    assertThat(rig.manifest("docker.io/team/app", NEW.digest()).digest()).isEqualTo(NEW.digest());
    assertThat(rig.docker.calls()).isEmpty();
  }

  @Test
  void anAliasWhoseFirstRepositoryFailsAndWhoseSecondHasNothingDoesNotSay404() {
    rig.quay.fails(Kind.FAILED);
    assertThat(refused("either", TAG).status()).isEqualTo(502);
    rig.quay.fails(Kind.TIMED_OUT);
    assertThat(refused("either", TAG).status()).isEqualTo(504);
  }

  @Test
  void aRefusalIsAnAbsenceOnlyWhereTheRepositoryMayBeLocal() throws Exception {
    rig.quay.fails(Kind.DENIED);
    assertThat(refused("app", TAG).status()).isEqualTo(403);
    assertThat(refused("team/app", TAG).code()).as("through the proxy").isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
    rig.push("app", Tag.parse("other"), image("pushed"));
    assertThat(refused("app", TAG).code()).as("holds pushes").isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
  }

  @Test
  void sixtyFourClientsAreOneRequest() throws Exception {
    publishOld();
    List<Manifest> got = rig.together(64, () -> rig.manifest("app", TAG));
    assertThat(got).hasSize(64).allSatisfy(manifest -> assertThat(manifest.digest()).isEqualTo(OLD.digest()));
    assertThat(rig.quay.calls()).containsExactly("GET manifest team/app v1");
  }
}
