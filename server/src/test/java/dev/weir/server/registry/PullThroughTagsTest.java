package dev.weir.server.registry;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.UpstreamException.Kind;
import dev.weir.storage.Manifest;
import dev.weir.storage.Tag;

import static dev.weir.server.registry.PullThroughRig.ALL_NAMES;
import static dev.weir.server.registry.PullThroughRig.UPSTREAMS_NAME;
import static dev.weir.server.registry.PullThroughRig.image;
import static dev.weir.server.registry.PullThroughRig.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What tags are listed, and when upstream is asked for them. */
@Timeout(300)
final class PullThroughTagsTest {
  private static final Manifest IMAGE = image("image");

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

  private RegistryException refused(String name) {
    return catchThrowableOfType(RegistryException.class, () -> rig.tags(name, ""));
  }

  private void hold(String tag) throws Exception {
    publish(rig.quay, UPSTREAMS_NAME, Tag.parse(tag), IMAGE);
    rig.manifest("app", Tag.parse(tag));
    rig.quay.calls();
  }

  @Test
  void whatIsHeldAndWhatUpstreamNamesIsOneSortedList() throws Exception {
    hold("v2");
    rig.push("app", Tag.parse("mine"), IMAGE);
    rig.quay.putTags(UPSTREAMS_NAME, Tag.parse("v3"), Tag.parse("v2"), Tag.parse("V1"), Tag.parse("a"));
    assertThat(rig.tags("app", "")).containsExactly("V1", "a", "mine", "v2", "v3");
    assertThat(rig.tags("app", "a")).containsExactly("mine", "v2", "v3");
    assertThat(rig.tags("app", "b")).containsExactly("mine", "v2", "v3");
    assertThat(rig.tags("quay.io/team/app", "")).as("a push under one name").containsExactly("V1", "a", "v2", "v3");
    assertThat(rig.quay.calls()).as("once for every name").containsExactly("tags team/app");
  }

  @Test
  void whatIsHeldIsListedWhenUpstreamFailsHangsOrIsOffline() throws Exception {
    rig.hurries();
    hold("v2");
    rig.quay.putTags(UPSTREAMS_NAME, Tag.parse("v3"));
    rig.quay.fails(Kind.FAILED);
    assertThat(rig.tags("app", "")).containsExactly("v2");
    rig.quay.recovers();
    rig.quay.hangs();
    assertThat(rig.tags("app", "")).containsExactly("v2");
    rig.restart(true);
    rig.quay.calls();
    for (String name : ALL_NAMES) {
      assertThat(rig.tags(name, "")).containsExactly("v2");
    }
    rig.restart(false, "quay.io");
    assertThat(rig.tags("app", "")).containsExactly("v2");
    assertThat(rig.quay.calls()).isEmpty();
  }

  @Test
  void whereNothingIsHeldUpstreamsAnswerIsTold() {
    assertThat(refused("app").code()).isEqualTo(ErrorCode.NAME_UNKNOWN);
    rig.quay.fails(Kind.DENIED);
    assertThat(refused("app").status()).isEqualTo(403);
    rig.quay.fails(Kind.FAILED);
    assertThat(refused("app").status()).isEqualTo(502);
    rig.quay.fails(Kind.TIMED_OUT);
    assertThat(refused("app").status()).isEqualTo(504);
  }

  @Test
  void aTimeOutDoesNotLookLikeAnAbsenceBecauseAnotherRepositoryIsAbsent() {
    rig.docker.fails(Kind.TIMED_OUT);
    assertThat(refused("either").status()).isEqualTo(504);
  }

  @Test
  void aRepositoryWithoutTagsIsNoUnknownOne() throws Exception {
    rig.quay.putTags(UPSTREAMS_NAME);
    assertThat(rig.tags("app", "")).isEmpty();
    rig.push("local", Tag.parse("v1"), IMAGE);
    rig.restartWithoutUpstreams();
    assertThat(rig.tags("local", "v1")).isEmpty();
    assertThat(refused("unknown").code()).isEqualTo(ErrorCode.NAME_UNKNOWN);
  }

  @Test
  void anAliasListsTheTagsOfAllItsRepositories() throws Exception {
    rig.quay.putTags(UPSTREAMS_NAME, Tag.parse("b"));
    rig.docker.putTags(UPSTREAMS_NAME, Tag.parse("a"), Tag.parse("b"));
    assertThat(rig.tags("either", "")).containsExactly("a", "b");
  }

  @Test
  void sixtyFourClientsAreOneRequest() throws Exception {
    rig.quay.putTags(UPSTREAMS_NAME, Tag.parse("b"));
    assertThat(rig.together(64, () -> rig.tags("app", ""))).hasSize(64).containsOnly(List.of("b"));
    assertThat(rig.quay.calls()).containsExactly("tags team/app");
  }
}
