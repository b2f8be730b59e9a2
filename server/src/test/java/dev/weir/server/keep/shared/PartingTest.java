package dev.weir.server.keep.shared;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.server.keep.Pusher;
import dev.weir.server.space.Pruning;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** An index in one portion of a list, and what it names in others. */
final class PartingTest {
  private final Manifest one = Pusher.image(Replicas.bytes(1));
  private final Manifest two = Pusher.image(Replicas.bytes(2));
  private final byte[] index = ("{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + one.digest()
      + "\",\"size\":1},{\"digest\":\"" + two.digest() + "\",\"size\":1}]}").getBytes(UTF_8);
  private final Digest root = Digest.sha256(index);
  private final Pruning found = new Pruning();
  private final List<Digest> taken = new ArrayList<>();
  private long low = -1;

  @BeforeEach
  void anImageOfThree() {
    saw(root, index);
    saw(one.digest(), one.content());
    saw(two.digest(), two.content());
  }

  private void saw(Digest manifest, byte[] content) {
    found.saw(Replicas.APP, manifest, Keeping.CACHED, Optional.of(ManifestDocument.parse(content)), content.length);
  }

  private Parting parting(Set<Digest> kept, Set<Digest> wanted) {
    return new Parting(found, images -> {
      List<Digest> going = images.stream().map(Pruning.Found::digest).filter(each -> !wanted.contains(each)).toList();
      taken.addAll(going);
      return going;
    }, List.of(root, one.digest(), two.digest()), kept, 1, low);
  }

  private void carryOut(Parting parting) throws IOException {
    for (Digest each : List.of(root, one.digest(), two.digest())) {
      parting.carryOut(List.of(each), Set.of());
    }
  }

  @Test
  void itGoesAsAWholeAnIndexBeforeWhatItNames() throws IOException {
    carryOut(parting(Set.of(), Set.of()));
    assertThat(taken).containsExactly(root, one.digest(), two.digest());
  }

  @Test
  void itGoesInOneStepAfterTheOtherWhereOnePortionHasItAll() throws IOException {
    parting(Set.of(), Set.of()).carryOut(List.of(two.digest(), root, one.digest()), Set.of());
    assertThat(taken).first().isEqualTo(root);
    assertThat(taken).hasSize(3);
  }

  @Test
  void aChildThatWasKeptBeforeThePortionOfItsIndexKeepsItAll() throws IOException {
    carryOut(parting(Set.of(two.digest()), Set.of()));
    assertThat(taken).isEmpty();
  }

  @Test
  void anIndexThatTurnsOutToBeWantedKeepsWhatItNames() throws IOException {
    carryOut(parting(Set.of(), Set.of(root)));
    assertThat(taken).isEmpty();
  }

  @Test
  void whatIsKeptAfterItsIndexWentStaysAlone() throws IOException {
    Parting parting = parting(Set.of(), Set.of());
    parting.carryOut(List.of(root), Set.of());
    parting.carryOut(List.of(one.digest(), two.digest()), Set.of(two.digest()));
    assertThat(taken).containsExactly(root, one.digest());
  }

  @Test
  void whatWasAskedForSinceKeepsWhatNamesIt() throws IOException {
    found.used(two.digest(), 2);
    carryOut(parting(Set.of(), Set.of()));
    assertThat(taken).isEmpty();
  }

  @Test
  void nothingGoesOnceNoMoreIsLeftThanMayBe() throws IOException {
    found.isHere(Digest.sha256(Replicas.bytes(1)));
    low = found.bytes();
    carryOut(parting(Set.of(), Set.of()));
    assertThat(taken).isEmpty();
    low--;
    carryOut(parting(Set.of(), Set.of()));
    assertThat(taken).containsExactly(root, one.digest(), two.digest());
  }
}
