package dev.weir.server.space;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;

/**
 * The manifests that are held, what they name, and which of them must be kept. For one thread at a time.
 *
 * <p>Since a manifest's digest depends on those it names, no manifest names itself by way of others: counting reasons to
 * keep it, from parents to children, is exact.
 */
final class Images {
  private final BlobTable blobs;
  private @Nullable Image[] byId = new Image[0];

  Images(BlobTable blobs) {
    this.blobs = blobs;
  }

  @Nullable
  Image find(Digest digest) {
    int id = blobs.find(digest);
    return id == DigestTable.NONE ? null : at(id);
  }

  @Nullable
  Image at(int id) {
    return id < byId.length ? byId[id] : null;
  }

  /** Those that some repository has. */
  Stream<Image> held() {
    return Arrays.stream(byId).<Image>mapMulti((image, next) -> {
      if (image != null && image.isHeld()) {
        next.accept(image);
      }
    });
  }

  /** Those among these numbers that some repository has. */
  void forEachHeld(int from, int to, Consumer<Image> each) {
    for (int id = from; id < Math.min(to, byId.length); id++) {
      Image image = byId[id];
      if (image != null && image.isHeld()) {
        each.accept(image);
      }
    }
  }

  /**
   * Those held that nobody wants and no other names. By a plain loop, as {@link #heldAt} is: both are walked for each
   * decision about what goes, and a stream's steps, shared with the rest of the process, cost several times as much.
   */
  PriorityQueue<Image> withoutReasonToStay(Comparator<Image> order) {
    PriorityQueue<Image> found = new PriorityQueue<>(order);
    for (Image image : byId) {
      if (image != null && image.isHeld() && image.keepers == 0 && image.parents.length == 0) {
        found.add(image);
      }
    }
    return found;
  }

  /** Those that one of the repositories has, or more of them. */
  List<Image> heldAt(int... repositories) {
    List<Image> found = new ArrayList<>();
    for (Image image : byId) {
      if (image != null && image.isAtAny(repositories)) {
        found.add(image);
      }
    }
    return found;
  }

  Image add(Digest digest) {
    return add(blobs.add(digest));
  }

  private Image add(int id) {
    if (id >= byId.length) {
      byId = Arrays.copyOf(byId, DigestTable.grown(id + 1));
    }
    Image known = byId[id];
    if (known != null) {
      return known;
    }
    Image fresh = new Image(id);
    byId[id] = fresh;
    return fresh;
  }

  void put(Image image, int repository, Keeping keeping, byte walk) {
    boolean wasWanted = image.isWanted();
    image.put(repository, keeping, walk);
    wantedAgain(image, wasWanted);
  }

  void take(Image image, int repository) {
    boolean wasWanted = image.isWanted();
    image.take(repository);
    wantedAgain(image, wasWanted);
    if (!image.isHeld()) {
      forget(image);
    }
  }

  private void wantedAgain(Image image, boolean before) {
    if (image.isWanted() && !before) {
      keep(List.of(image));
    } else if (before && !image.isWanted()) {
      keepNoMore(List.of(image));
    }
  }

  /** Takes in what a manifest that is held says. */
  void read(Image image, ManifestDocument document) {
    if (image.isRead) {
      return;
    }
    image.isRead = true;
    image.blobs = ids(Stream.concat(document.blobs().stream(), document.foreign().stream()));
    image.children = ids(document.manifests().stream());
    for (int blob : image.blobs) {
      blobs.name(blob);
    }
    for (int id : image.children) {
      blobs.name(id);
      add(id).addParent(image.id);
    }
    if (image.keepers > 0) {
      keep(children(image));
    }
  }

  /** Each once, however often it is named, and never the manifest that names it. */
  private int[] ids(Stream<Descriptor> named) {
    return named.map(Descriptor::digest).distinct().mapToInt(blobs::add).toArray();
  }

  private void forget(Image image) {
    List<Image> children = children(image);
    if (image.keepers > 0) {
      keepNoMore(children);
    }
    int[] named = image.named().toArray();
    image.forgetDocument();
    children.forEach(child -> child.removeParent(image.id));
    for (int each : named) {
      blobs.unname(each);
    }
    for (int each : named) {
      drop(each);
    }
    drop(image.id);
  }

  /** Gives up a number that stands for nothing any more. */
  void drop(int id) {
    Image image = at(id);
    if (image != null && !image.isHeld() && image.parents.length == 0) {
      byId[id] = null;
      image = null;
    }
    if (image == null) {
      blobs.forgetIfUnused(id);
    }
  }

  List<Image> children(Image image) {
    return Arrays.stream(image.children).mapToObj(this::add).toList();
  }

  private void keep(List<Image> more) {
    Deque<Image> todo = new ArrayDeque<>(more);
    while (!todo.isEmpty()) {
      Image image = todo.pop();
      if (image.keepers++ == 0) {
        todo.addAll(children(image));
      }
    }
  }

  private void keepNoMore(List<Image> fewer) {
    Deque<Image> todo = new ArrayDeque<>(fewer);
    while (!todo.isEmpty()) {
      Image image = todo.pop();
      if (--image.keepers == 0) {
        todo.addAll(children(image));
      }
    }
  }

  /** So an image and those that name it were asked for. */
  void used(Image image, long when) {
    Deque<Image> todo = new ArrayDeque<>(List.of(image));
    while (!todo.isEmpty()) {
      Image next = todo.pop();
      if (next.usedAt < when) {
        next.usedAt = when;
        for (int parent : next.parents) {
          todo.add(add(parent));
        }
      }
    }
  }
}
