package dev.weir.server.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

import dev.weir.storage.RepositoryName;

/** Finds what goes first. For one thread at a time, while nothing changes; looks at each image twice. */
record Oldest(BlobTable blobs, Images images, List<RepositoryName> names) {
  /** So many that are spared, and the next decision may find another; this one has taken long enough. */
  private static final int MOST_SPARED = 1000;

  static final Comparator<Image> BY_USE = Comparator.comparingLong(image -> image.usedAt);

  Optional<Eviction> find(Predicate<Eviction> spared) {
    PriorityQueue<Image> oldestFirst = images.withoutReasonToStay(BY_USE);
    for (int looks = 0; looks <= MOST_SPARED && !oldestFirst.isEmpty(); looks++) {
      Image next = oldestFirst.remove();
      if (!spared.test(eviction(next))) {
        return Optional.of(withLinks(next));
      }
    }
    return Optional.empty();
  }

  private Eviction withLinks(Image root) {
    return eviction(root, true);
  }

  private Eviction eviction(Image root) {
    return eviction(root, false);
  }

  private Eviction eviction(Image root, boolean withLinks) {
    Set<Image> victims = victims(root);
    Set<Integer> named = new LinkedHashSet<>();
    for (Image victim : victims) {
      Arrays.stream(victim.blobs).forEach(named::add);
      Arrays.stream(victim.children).forEach(named::add);
      named.add(victim.id);
    }
    return new Eviction(blobs.digest(root.id), root.usedAt, victims.stream().map(this::victim).toList(),
        named.stream().map(blobs::digest).toList(), isWhole(victims), withLinks ? links(victims, named) : List.of());
  }

  private boolean isWhole(Set<Image> victims) {
    return victims.stream().flatMapToInt(victim -> Arrays.stream(victim.blobs)).allMatch(blobs::isHere);
  }

  /** The root, and whatever of those below it would be left with no parent and no reason to stay. */
  Set<Image> victims(Image root) {
    Set<Image> victims = new LinkedHashSet<>(List.of(root));
    List<Image> todo = new ArrayList<>(victims);
    for (int i = 0; i < todo.size(); i++) {
      for (Image child : images.children(todo.get(i))) {
        boolean goes = child.isHeld() && child.keepers == 0
            && Arrays.stream(child.parents).mapToObj(images::at).allMatch(victims::contains);
        if (goes && victims.add(child)) {
          todo.add(child);
        }
      }
    }
    return victims;
  }

  private Eviction.Victim victim(Image image) {
    return new Eviction.Victim(blobs.digest(image.id),
        Arrays.stream(image.repositories()).mapToObj(names::get).toList());
  }

  private List<Eviction.Link> links(Set<Image> victims, Set<Integer> named) {
    int[] repositories = victims.stream().flatMapToInt(victim -> Arrays.stream(victim.repositories())).distinct()
        .sorted().toArray();
    Map<Integer, Set<Integer>> byRepository = new LinkedHashMap<>();
    Arrays.stream(repositories).forEach(repository -> byRepository.put(repository, new LinkedHashSet<>(named)));
    for (Image image : images.heldAt(repositories)) {
      if (!victims.contains(image)) {
        byRepository.forEach((repository, left) -> spare(image, repository, left));
      }
    }
    List<Eviction.Link> links = new ArrayList<>();
    byRepository.forEach((repository, left) -> left
        .forEach(blob -> links.add(new Eviction.Link(names.get(repository), blobs.digest(blob)))));
    return links;
  }

  private static void spare(Image image, int repository, Set<Integer> left) {
    if (image.isAt(repository)) {
      left.remove(image.id);
      Arrays.stream(image.blobs).forEach(left::remove);
      Arrays.stream(image.children).forEach(left::remove);
    }
  }
}
