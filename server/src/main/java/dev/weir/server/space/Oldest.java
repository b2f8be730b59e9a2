package dev.weir.server.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import dev.weir.storage.RepositoryName;

/** Finds what goes first. For one thread at a time, while nothing changes; looks at each image once or twice. */
record Oldest(BlobTable blobs, Images images, List<RepositoryName> names) {
  Optional<Eviction> find(Predicate<Eviction> spared) {
    Set<Image> passed = new HashSet<>();
    while (true) {
      Optional<Image> next = images.held()
          .filter(image -> image.keepers == 0 && image.parents.length == 0 && !passed.contains(image))
          .min(Comparator.comparingLong(image -> image.usedAt));
      Optional<Eviction> eviction = next.map(this::eviction);
      if (eviction.isEmpty() || !spared.test(eviction.get())) {
        return eviction;
      }
      passed.add(next.get());
    }
  }

  private Eviction eviction(Image root) {
    Set<Image> victims = victims(root);
    Set<Integer> named = new LinkedHashSet<>();
    for (Image victim : victims) {
      Arrays.stream(victim.blobs).forEach(named::add);
      Arrays.stream(victim.children).forEach(named::add);
      named.add(victim.id);
    }
    return new Eviction(blobs.digest(root.id), root.usedAt, victims.stream().map(this::victim).toList(),
        named.stream().map(blobs::digest).toList(), isWhole(victims), links(victims, named));
  }

  private boolean isWhole(Set<Image> victims) {
    return victims.stream().flatMapToInt(victim -> Arrays.stream(victim.blobs)).allMatch(blobs::isHere);
  }

  /** The root, and whatever of those below it would be left with no parent and no reason to stay. */
  private Set<Image> victims(Image root) {
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
    TreeMap<Integer, Set<Integer>> byRepository = new TreeMap<>();
    victims.forEach(victim -> Arrays.stream(victim.repositories())
        .forEach(repository -> byRepository.computeIfAbsent(repository, key -> new LinkedHashSet<>(named))));
    images.held().filter(image -> !victims.contains(image))
        .forEach(image -> byRepository.forEach((repository, left) -> {
          if (image.isAt(repository)) {
            left.remove(image.id);
            Arrays.stream(image.blobs).forEach(left::remove);
            Arrays.stream(image.children).forEach(left::remove);
          }
        }));
    List<Eviction.Link> links = new ArrayList<>();
    byRepository.forEach((repository, left) -> left
        .forEach(blob -> links.add(new Eviction.Link(names.get(repository), blobs.digest(blob)))));
    return links;
  }
}
