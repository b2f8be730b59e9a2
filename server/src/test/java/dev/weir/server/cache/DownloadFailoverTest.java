package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** One download out of several sources. */
@Timeout(300)
final class DownloadFailoverTest {
  private static final int SMALL = 1000;

  @TempDir Path directory;
  private DownloadRig rig;
  private final byte[] content = DownloadRig.content(300_000);
  private final Digest digest = Digest.sha256(content);
  private final ScriptedSource first = new ScriptedSource(content);
  private final ScriptedSource second = new ScriptedSource(content);

  @BeforeEach
  void start() {
    rig = new DownloadRig(directory);
  }

  @AfterEach
  @Timeout(300)
  void nothingStaysOpen() throws Exception {
    first.letOpen();
    Waiting.until(() -> rig.openFiles() == 0 && first.unclosed() == 0 && second.unclosed() == 0);
  }

  /** A mirror is any source that only stands in for another. */
  private record Mirror(Source source) implements Source {
    @Override
    public Bytes open(long from) throws IOException {
      return source.open(from);
    }

    @Override
    public boolean isMirror() {
      return true;
    }
  }

  private static IOException absent(String who) {
    return new RegistryException(ErrorCode.BLOB_UNKNOWN, who + " does not have it");
  }

  @Test
  void aBreakIsOvercomeAtTheNextSourceFromWhereTheFirstEnded() throws Exception {
    first.then(first.breakingAt(120_000));
    assertThat(rig.pull(digest, first, second)).isEqualTo(content);
    assertThat(first.opened()).containsExactly(0L);
    assertThat(second.opened()).containsExactly(120_000L);
    assertThat(first.given() + second.given()).isEqualTo(content.length);
  }

  @Test
  void sourcesThatBreakTakeTurnsAndTheOneThatGivesKeepsItsTurn() throws Exception {
    first.then(first.breakingAt(100_000), first.breakingAt(200_000));
    second.then(second.breakingAt(150_000), second.breakingAt(250_000));
    assertThat(rig.pull(digest, first, second)).isEqualTo(content);
    assertThat(first.opened()).containsExactly(0L, 150_000L, 250_000L);
    assertThat(second.opened()).containsExactly(100_000L, 200_000L);
  }

  /** Each pause is an eighth of a second at least; without them this takes a few milliseconds. */
  @Test
  void sourcesThatBreakByTurnsAreNotAskedWithoutPause() throws Exception {
    for (int at = 10_000; at < 200_000; at += 20_000) {
      first.then(first.breakingAt(at));
      second.then(second.breakingAt(at + 10_000));
    }
    long began = System.nanoTime();
    assertThat(rig.pull(digest, first, second)).isEqualTo(content);
    assertThat(System.nanoTime() - began).isGreaterThan(1_000_000_000L);
    assertThat(first.opened()).hasSize(11);
  }

  @Test
  void aSourceThatWillHaveTimeOutweighsOneThatBroke() {
    first.then(first.refusing(new IOException("no route")));
    second.then(second.refusing(new Source.Busy(new IOException("429"), Optional.of(Duration.ofMinutes(1)))));
    assertThatThrownBy(() -> rig.pull(digest, first, second)).hasMessage("429");
  }

  @Test
  void aFirstBreakIsToldOnlyWhenTheOthersBrokeToo() {
    first.then(first.refusing(new IOException("connection refused")));
    second.then(second.refusing(new IOException("no route")));
    assertThatThrownBy(() -> rig.pull(digest, first, second)).hasMessage("connection refused");
    assertThat(second.opened()).hasSize(1);
  }

  @Test
  void aSourceThatDoesNotAnswerIsLeftForOneThatDoes() throws Exception {
    first.holdOpening();
    assertThat(rig.pull(digest, first, second)).isEqualTo(content);
    assertThat(first.given()).isZero();
  }

  /** Whoever comes with another source is not held up by the one that the first came with. */
  @Test
  void whoJoinsADownloadThatHangsBringsItsOwnSource() throws Exception {
    first.holdOpening();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> theirs = clients.submit(() -> rig.pull(digest, first));
      first.awaitOpened();
      assertThat(rig.pull(digest, second)).isEqualTo(content);
      assertThat(theirs.get()).isEqualTo(content);
    }
    assertThat(second.opened()).containsExactly(0L);
  }

  @Test
  void whoJoinsADownloadThatPausesEndsThePause() throws Exception {
    rig.leavePartial(digest, Arrays.copyOf(content, 1));
    first.then(first.breakingAt(100_000));
    for (int i = 0; i < 20; i++) {
      first.then(first.refusing(new Source.Busy(new IOException("busy"), Optional.of(Duration.ofSeconds(4)))));
    }
    try (BlobBody body = rig.join(digest, first)) {
      body.awaitBeyond(99_999);
      assertThat(rig.pull(digest, second)).isEqualTo(content);
    }
    assertThat(second.opened()).containsExactly(100_000L);
  }

  @Test
  void aLieThatNobodySawIsReplacedByTheNextSource() throws Exception {
    byte[] small = DownloadRig.content(SMALL);
    byte[] wrong = small.clone();
    wrong[SMALL / 2] ^= 1;
    ScriptedSource lying = new ScriptedSource(wrong);
    ScriptedSource honest = new ScriptedSource(small);
    assertThat(rig.pull(Digest.sha256(small), lying, honest)).isEqualTo(small);
    assertThat(lying.opened()).containsExactly(0L);
    assertThat(honest.opened()).containsExactly(0L);
    assertThat(rig.events.refetched).hasValue(SMALL);
  }

  @Test
  void aLieOfAnotherLengthEndsTheDownloadAndNotTheNext() throws Exception {
    byte[] small = DownloadRig.content(SMALL);
    Digest wanted = Digest.sha256(small);
    ScriptedSource lying = new ScriptedSource(Arrays.copyOf(small, SMALL / 2));
    ScriptedSource honest = new ScriptedSource(small);
    assertThatThrownBy(() -> rig.pull(wanted, lying, honest)).isInstanceOf(IOException.class);
    rig.events.nextEnd();
    assertThat(rig.pull(wanted, lying, honest)).isEqualTo(small);
    assertThat(lying.opened()).hasSize(1);
  }

  @Test
  void whoLiedIsAskedLastByTheNextDownload() throws Exception {
    byte[] wrong = content.clone();
    wrong[1] ^= 1;
    ScriptedSource lying = new ScriptedSource(wrong);
    assertThatThrownBy(() -> rig.pull(digest, lying, second)).hasMessageContaining("mismatch");
    assertThat(second.opened()).as("bytes were seen").isEmpty();
    rig.events.nextEnd();
    assertThat(rig.pull(digest, lying, second)).isEqualTo(content);
    assertThat(lying.opened()).hasSize(1);
  }

  @Test
  void whatAMirrorRefusesIsNoAnswer() {
    first.then(first.refusing(new RegistryException(ErrorCode.DENIED, "the mirror refuses")));
    second.then(second.refusing(absent("the upstream")));
    assertThatThrownBy(() -> rig.pull(digest, new Mirror(first), second)).hasMessage("the upstream does not have it");
  }

  @Test
  void whatIsNotKnownOutweighsAnAbsence() {
    first.then(first.refusing(absent("one")));
    second.then(second.refusing(new IOException("no route to the other")));
    assertThatThrownBy(() -> rig.pull(digest, first, second)).hasMessage("no route to the other");
    first.then(first.refusing(absent("one")));
    second.then(second.refusing(absent("the other")));
    assertThatThrownBy(() -> rig.pull(digest, first, second)).hasMessage("one does not have it");
  }

  @Test
  void aSourceThatHasNoTimeIsAskedAgainWhileItsClientsWait() throws Exception {
    Source.Busy busy = new Source.Busy(new IOException("502"), Optional.empty());
    first.then(first.refusing(busy), first.refusing(busy));
    assertThat(rig.pull(digest, first)).isEqualTo(content);
    assertThat(first.opened()).hasSize(3);
  }

  @Test
  void aSourceThatHasNoTimeForLongIsToldAtOnce() {
    first.then(first.refusing(new Source.Busy(new IOException("429"), Optional.of(Duration.ofMinutes(1)))));
    assertThatThrownBy(() -> rig.pull(digest, first)).hasMessage("429");
    assertThat(first.opened()).hasSize(1);
  }
}
