package dev.weir.server.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.weir.server.space.Holdings.Held;
import dev.weir.server.space.Holdings.Unseen;
import dev.weir.server.space.Holdings.Used;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** What {@link Holdings} knows, and what follows from it. For one thread at a time. */
final class Index {
  final BlobTable blobs = new BlobTable();
  final Images images = new Images(blobs);
  private final List<RepositoryName> names = new ArrayList<>();
  private final Map<RepositoryName, Integer> numbers = new HashMap<>();

  /** How many repositories were ever seen. */
  int repositories() {
    return names.size();
  }

  /** A repository's number, new where it had none. */
  int number(RepositoryName name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    numbers.put(name, names.size());
    names.add(name);
    return names.size() - 1;
  }

  boolean isNamed(int id) {
    Image image = images.at(id);
    return blobs.isNamed(id) || (image != null && image.isHeld());
  }

  /** Among the images of these numbers: for each of {@code wanted}, those that name it or are it. */
  void imagesThatName(Set<Digest> wanted, int from, int to, BiConsumer<Digest, List<Held>> found) {
    Map<Integer, Digest> ids = new HashMap<>();
    wanted.stream().filter(blob -> blobs.find(blob) != DigestTable.NONE)
        .forEach(blob -> ids.put(blobs.find(blob), blob));
    images.forEachHeld(from, to, image -> image.itselfAndNamed().filter(ids::containsKey)
        .forEach(id -> found.accept(Objects.requireNonNull(ids.get(id)), places(image))));
  }

  /** Those of a repository, among the images of these numbers. */
  List<Used> imagesIn(RepositoryName name, int from, int to) {
    Integer number = numbers.get(name);
    List<Used> found = new ArrayList<>();
    if (number != null) {
      images.forEachHeld(from, to, image -> {
        if (image.isAt(number)) {
          found.add(new Used(blobs.digest(image.id), image.keepingAt(number), image.usedAt));
        }
      });
    }
    return found;
  }

  /** The repository that has the number. */
  RepositoryName name(int number) {
    return names.get(number);
  }

  List<RepositoryName> names() {
    return List.copyOf(names);
  }

  List<Digest> nameless() {
    return IntStream.range(0, blobs.end()).filter(id -> blobs.isHere(id) && !isNamed(id)).mapToObj(blobs::digest)
        .toList();
  }

  /** What those take of the disk that may go for want of room, but for {@code spared}. */
  long evictableBytes(Set<Digest> spared) {
    BitSet kept = new BitSet(blobs.end());
    images.held().filter(image -> image.keepers > 0).forEach(image -> image.itselfAndNamed().forEach(kept::set));
    return IntStream.range(0, blobs.end())
        .filter(id -> blobs.isHere(id) && isNamed(id) && !kept.get(id) && !spared.contains(blobs.digest(id)))
        .mapToLong(id -> Blocks.of(blobs.size(id))).sum();
  }

  Unseen unseen(byte walk) {
    List<Digest> unseen = IntStream.range(0, blobs.end())
        .filter(id -> blobs.isHere(id) && !blobs.wasSeen(id, walk)).mapToObj(blobs::digest).toList();
    return new Unseen(unseen, images.held().flatMap(image -> places(image).stream()
        .filter(held -> !image.wasSeen(number(held.name()), walk))).toList());
  }

  Map<Digest, Long> uses() {
    Map<Digest, Long> all = new HashMap<>();
    images.held().forEach(image -> all.put(blobs.digest(image.id), image.usedAt));
    return all;
  }

  Optional<Eviction> oldest(Predicate<Eviction> spared) {
    return new Oldest(blobs, images, names).find(spared);
  }

  private List<Held> places(Image image) {
    Digest digest = blobs.digest(image.id);
    return Arrays.stream(image.repositories())
        .mapToObj(number -> new Held(names.get(number), digest, image.keepingAt(number))).toList();
  }
}
