package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory.Reading;
import dev.weir.storage.Inventory.Revision;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * What one repository keeps, as the tree has it: the truth, read manifest by manifest.
 *
 * @param manifests that stay
 * @param named by these, they themselves among them
 * @param untagged manifests that no tag leads to, neither themselves nor by an index, nor as referrers of one that stays
 * @param unreadable manifests of which it is not known for sure what they name
 */
record Kept(RepositoryName name, Set<Digest> manifests, Set<Digest> named, List<Digest> untagged,
    List<Digest> unreadable) {
  /** @param mayGo which of the untagged may; those that may not stay, with what they name */
  static Kept of(Content content, RepositoryName name, Sweep.Going mayGo) throws IOException {
    return of(content, name, mayGo, Census.Witness.NONE);
  }

  /** @param witness told of each manifest that stays */
  static Kept of(Content content, RepositoryName name, Sweep.Going mayGo, Census.Witness witness) throws IOException {
    return new Marking(content, name, witness).read(mayGo);
  }

  /** For one thread, once. */
  private static final class Marking {
    private final Content content;
    private final RepositoryName name;
    private final Census.Witness witness;
    private final Set<Digest> kept = new HashSet<>();
    private final Set<Digest> named = new HashSet<>();
    private final List<Digest> unreadable = new ArrayList<>();
    private final Map<Digest, Keeping> keepings = new HashMap<>();

    Marking(Content content, RepositoryName name, Census.Witness witness) {
      this.witness = witness;
      this.content = content;
      this.name = name;
    }

    Kept read(Sweep.Going mayGo) throws IOException {
      List<Revision> revisions = content.inventory().revisions(name);
      Deque<Digest> todo = new ArrayDeque<>(tagged());
      for (Revision revision : revisions) {
        keepings.put(revision.digest(), revision.keeping());
        if (!mayGo.test(revision)) {
          todo.add(revision.digest());
        }
      }
      Set<Digest> all = new HashSet<>(keepings.keySet());
      keep(todo, all);
      all.removeAll(kept);
      return new Kept(name, kept, named, List.copyOf(all), unreadable);
    }

    private List<Digest> tagged() throws IOException {
      List<Digest> found = new ArrayList<>();
      try (Stream<Tag> tags = content.tags().list(name, "")) {
        for (Tag tag : tags.toList()) {
          content.tags().resolve(name, tag).ifPresent(found::add);
        }
      }
      return found;
    }

    /** With what they name, and what refers to them, and so on. */
    private void keep(Deque<Digest> todo, Set<Digest> all) throws IOException {
      while (!todo.isEmpty()) {
        Digest digest = todo.pop();
        if (all.contains(digest) && kept.add(digest)) {
          named.add(digest);
          read(digest, todo);
          content.manifests().forEachReferrer(name, digest, referrer -> todo.push(referrer.digest()));
        }
      }
    }

    /** What came from upstream and lost its bytes can be had again, with all that it names. */
    private void read(Digest digest, Deque<Digest> todo) throws IOException {
      Reading reading = content.inventory().reading(name, digest);
      if (!reading.isComplete() && (reading.document().isPresent() || keepings.get(digest) != Keeping.CACHED)) {
        unreadable.add(digest);
      }
      witness.saw(name, digest, keepings.getOrDefault(digest, Keeping.OWNED), reading);
      reading.document().ifPresent(document -> {
        Stream.of(document.blobs(), document.foreign(), document.manifests()).flatMap(List::stream)
            .map(Descriptor::digest).forEach(each -> {
              named.add(each);
              todo.push(each);
            });
      });
    }
  }
}
