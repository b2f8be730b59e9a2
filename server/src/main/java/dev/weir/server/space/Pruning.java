package dev.weir.server.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * What one reading of all manifests found, and which images go from it first; what it lets go, it takes for gone. Sizes are
 * those that manifests state, the least where they differ and none beyond {@link #BELIEVED}, until somebody says better. For one
 * thread at a time; nothing here waits for a store.
 */
public final class Pruning {
  private static final byte WALK = 1;
  /** In bytes. Whoever writes a manifest may state what they like. */
  private static final long BELIEVED = 1L << 30;

  private final Index index = new Index();
  /** In bytes, by the numbers of the blobs. */
  private long[] stated = new long[0];
  private final BitSet doubtful = new BitSet();

  /**
   * A repository has the manifest.
   *
   * @param document empty: nothing of it is left
   * @param bytes the manifest itself
   */
  public void saw(RepositoryName name, Digest manifest, Keeping keeping,
      Optional<ManifestDocument> document, long bytes) {
    Image image = index.images.add(manifest);
    index.images.put(image, index.number(name), keeping, WALK);
    state(manifest, bytes);
    if (document.isPresent()) {
      index.images.read(image, document.get());
      for (Descriptor each : named(document.get())) {
        state(each.digest(), each.size());
      }
    }
  }

  private static List<Descriptor> named(ManifestDocument document) {
    return Stream.of(document.blobs(), document.foreign(), document.manifests()).flatMap(List::stream).toList();
  }

  private void state(Digest blob, long size) {
    int id = index.blobs.add(blob);
    if (id >= stated.length) {
      stated = Arrays.copyOf(stated, DigestTable.grown(id + 1));
    }
    if (size <= 0) { // says nothing
      return;
    }
    if (size > BELIEVED || (stated[id] != 0 && stated[id] != size)) {
      doubtful.set(id);
    }
    long believed = Math.min(size, BELIEVED);
    stated[id] = stated[id] == 0 ? believed : Math.min(stated[id], believed);
  }

  /** The blob's bytes are here; nothing else counts. */
  public void isHere(Digest blob) {
    int id = index.blobs.find(blob);
    if (id != DigestTable.NONE) {
      index.blobs.here(id, stated[id], WALK);
    }
  }

  /** Blobs that are here and of which no manifest can be believed how large they are. */
  public List<Digest> doubtful() {
    return doubtful.stream().filter(index.blobs::isHere).mapToObj(index.blobs::digest).toList();
  }

  /** The blob, which {@link #isHere}, is so large indeed. */
  public void measured(Digest blob, long size) {
    int id = index.blobs.find(blob);
    if (id != DigestTable.NONE && index.blobs.isHere(id)) {
      index.blobs.here(id, size, WALK);
    }
  }

  /** What is here and named, in bytes. */
  public long bytes() {
    return index.blobs.bytes();
  }

  /** The image, and those that name it, were asked for; in milliseconds since 1970. */
  public void used(Digest manifest, long when) {
    Image image = index.images.find(manifest);
    if (image != null && image.isHeld()) {
      index.images.used(image, when);
    }
  }

  /** Images that might go and of which nobody said when they were asked for. */
  public List<Digest> neverUsed() {
    return index.images.withoutReasonToStay(Oldest.BY_USE).stream().filter(image -> image.usedAt == 0)
        .map(image -> index.blobs.digest(image.id)).toList();
  }

  /**
   * Lets whole images go that nobody wants, those first that were asked for longest ago, until no more than {@code target}
   * bytes are left.
   *
   * @param youngest those that were asked for since stay; in milliseconds since 1970
   * @param most manifests at once, but for the last image
   * @return their manifests, each after those that name it
   */
  public List<Digest> letGo(long target, long youngest, int most) {
    List<Digest> gone = new ArrayList<>();
    PriorityQueue<Image> oldestFirst = index.images.withoutReasonToStay(Oldest.BY_USE);
    while (bytes() > target && gone.size() < most && !oldestFirst.isEmpty()) {
      Image next = oldestFirst.remove();
      if (next.usedAt > youngest) {
        break;
      }
      Set<Image> victims = victims(next);
      victims.forEach(victim -> gone.add(index.blobs.digest(victim.id)));
      take(victims);
    }
    return gone;
  }

  /** Whether there is an image that might go, now or when it is old enough. */
  public boolean isAnyUnwanted() {
    return !index.images.withoutReasonToStay(Oldest.BY_USE).isEmpty();
  }

  private Set<Image> victims(Image root) {
    return new Oldest(index.blobs, index.images, List.of()).victims(root);
  }

  /** What of an image is {@code gone} is taken for that; the bytes that nothing names without it. */
  public long take(Digest root, Set<Digest> gone) {
    Image image = index.images.find(root);
    if (image == null || !image.isHeld()) {
      return 0;
    }
    Set<Image> victims = new HashSet<>(victims(image));
    victims.removeIf(victim -> !gone.contains(index.blobs.digest(victim.id)));
    return take(victims);
  }

  private long take(Set<Image> victims) {
    int[] named = victims.stream().flatMapToInt(Image::itselfAndNamed).distinct().toArray();
    for (Image victim : victims) {
      for (int repository : victim.repositories()) {
        index.images.take(victim, repository);
      }
    }
    long freed = 0;
    for (int id : named) {
      if (index.blobs.isHere(id) && !index.isNamed(id)) {
        freed += index.blobs.size(id);
        index.blobs.gone(id);
        index.images.drop(id);
      }
    }
    return freed;
  }

  /**
   * Whether the image may go still: some repository has it, nobody wants it, only images among {@code gone} name it, and
   * nobody asked for it since.
   */
  public boolean mayGo(Digest manifest, Set<Digest> gone, long youngest) {
    Image image = index.images.find(manifest);
    return image != null && image.isHeld() && image.keepers == 0 && image.usedAt <= youngest
        && Arrays.stream(image.parents).mapToObj(index.blobs::digest).allMatch(gone::contains);
  }

  /**
   * Which images of a list go indeed, so that no more than {@code target} bytes are left; whole images, in the order of the list.
   *
   * @param list each after those that name it
   * @param staying of these
   */
  public Set<Digest> needed(List<Digest> list, Set<Digest> staying, long youngest, long target) {
    Set<Digest> gone = new HashSet<>();
    Map<Integer, Integer> lost = new HashMap<>();
    long left = bytes();
    for (Digest each : list) {
      Image image = index.images.find(each);
      if (image == null || staying.contains(each) || !mayGo(each, gone, youngest)) {
        continue;
      }
      if (image.parents.length > 0 || left > target) {
        gone.add(each);
        left -= freed(image, gone, lost);
      }
    }
    return gone;
  }

  /** @param lost how many of the images that are gone named a blob, by its number */
  private long freed(Image image, Set<Digest> gone, Map<Integer, Integer> lost) {
    image.named().forEach(id -> lost.merge(id, 1, Integer::sum));
    return image.itselfAndNamed().filter(index.blobs::isHere)
        .filter(id -> lost.getOrDefault(id, 0) == index.blobs.namedBy(id) && !isHeldBut(gone, id))
        .mapToLong(index.blobs::size).sum();
  }

  private boolean isHeldBut(Set<Digest> gone, int id) {
    Image image = index.images.at(id);
    return image != null && image.isHeld() && !gone.contains(index.blobs.digest(id));
  }

  /** An image that is held. */
  public record Found(Digest digest, List<RepositoryName> repositories, List<Digest> named, boolean isRoot,
      long usedAt) {}

  /**
   * The manifest as it was found.
   *
   * @return where it is, and all that it names, itself among it; empty: nowhere
   */
  public Optional<Found> find(Digest manifest) {
    Image image = index.images.find(manifest);
    if (image == null || !image.isHeld()) {
      return Optional.empty();
    }
    return Optional.of(new Found(manifest, Arrays.stream(image.repositories()).mapToObj(index::name).toList(),
        image.itselfAndNamed().mapToObj(index.blobs::digest).toList(),
        image.parents.length == 0, image.usedAt));
  }

  /** The image and all that name it, whether or not these are held. */
  public Set<Digest> upwards(Set<Digest> manifests) {
    Set<Digest> found = new HashSet<>();
    List<Digest> todo = new ArrayList<>(manifests);
    while (!todo.isEmpty()) {
      Digest next = todo.removeLast();
      @Nullable
      Image image = index.images.find(next);
      if (found.add(next) && image != null) {
        Arrays.stream(image.parents).mapToObj(index.blobs::digest).forEach(todo::add);
      }
    }
    return found;
  }
}
