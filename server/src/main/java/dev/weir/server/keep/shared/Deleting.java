package dev.weir.server.keep.shared;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.weir.server.keep.Census;
import dev.weir.server.keep.FewAtOnce;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.RepositoryName;

/**
 * Deletes what is on a list, portion by portion: whoever counts on a blob of the one that is under way waits.
 *
 * @param inventory not out of a memory
 */
record Deleting(Docket docket, BlobStore blobs, Inventory inventory, Right right) {
  private static final int AT_ONCE = 8;

  /** Whether it may still be done. */
  interface Right {
    /** As far as we know; asks nobody. */
    void require() throws IOException;

    /** As the store says. */
    void confirm() throws IOException;
  }

  /**
   * What came of it.
   *
   * @param spared blobs that stay
   */
  record Tally(long blobs, long bytes, long spared) {
    static final Tally NOTHING = new Tally(0, 0, 0);

    Tally plus(Tally more) {
      return new Tally(blobs + more.blobs, bytes + more.bytes, spared + more.spared);
    }
  }

  /**
   * Deletes what may go.
   *
   * @param census begun after every word was over that was said before the list was known
   * @param parting the same of images
   */
  Tally carryOut(Condemned list, Census census, Parting parting) throws IOException {
    Tally sum = Tally.NOTHING;
    for (int portion = 0; portion < list.portions(); portion++) {
      sum = sum.plus(carryOut(list, portion, census, parting));
    }
    return sum;
  }

  /** Who entered a blob before the stage, is heard; who does so after, sees the stage, and waits. */
  private Tally carryOut(Condemned list, int portion, Census census, Parting parting) throws IOException {
    right.require();
    Stage stage = new Stage(list.id(), portion);
    docket.enter(stage);
    Set<Digest> kept = docket.kept(list.id(), portion);
    requireStill(stage);
    parting.carryOut(list.portion(portion).stream().filter(list::isImage).toList(), kept);
    List<Digest> blobs = list.portion(portion).stream().filter(each -> !list.isImage(each)).toList();
    List<Digest> going = blobs.stream().filter(blob -> !kept.contains(blob) && !census.isNamed(blob)).toList();
    return deleteAll(going, census, docket.published(list)).plus(new Tally(0, 0, blobs.size() - going.size()));
  }

  /** What was kept is read: if we stood still meanwhile, another may have withdrawn the list, and others were told so. */
  private void requireStill(Stage stage) throws IOException {
    right.confirm();
    if (!docket.stage().equals(Optional.of(stage))) {
      throw new IOException("the list " + stage.list() + " is no longer in force, so nothing more of it is deleted");
    }
  }

  private Tally deleteAll(List<Digest> going, Census census, Optional<Instant> published) throws IOException {
    return FewAtOnce.map(AT_ONCE, "delete", going, blob -> delete(blob, census.linking(blob), published)).stream()
        .reduce(Tally.NOTHING, Tally::plus);
  }

  /** Somebody stored it again who gives no word; both times are by the store's clock. */
  private boolean isNewer(Digest blob, Optional<Instant> published) throws IOException {
    return published.isPresent() && inventory.written(blob).filter(at -> at.isAfter(published.get())).isPresent();
  }

  /** The links first: a blob without any is found by the next list, and a link without its blob by none. */
  private Tally delete(Digest blob, List<RepositoryName> linking, Optional<Instant> published) throws IOException {
    right.require();
    OptionalLong size = blobs.size(blob);
    if (size.isPresent() && isNewer(blob, published)) {
      return new Tally(0, 0, 1);
    }
    for (RepositoryName name : linking) {
      right.require();
      boolean _ = blobs.unlink(name, blob);
    }
    right.require();
    boolean isGone = size.isPresent() && blobs.delete(blob);
    return isGone ? new Tally(1, size.getAsLong(), 0) : Tally.NOTHING;
  }
}
