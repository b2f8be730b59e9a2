package dev.weir.server.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.weir.server.archive.out.Cargo;
import dev.weir.server.archive.out.Precached;
import dev.weir.server.keep.HeldRelease;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.Tag;

/**
 * The names by which a node asks for images: in a release those that it lists, else the one under which it is held, where that begins
 * with an upstream's.
 *
 * @param registry for what does not
 */
record NodeNames(ObjectStore store, Optional<String> registry) {
  private static final String COMPANION = "sha(256|512)-[0-9a-f]+\\.(sig|att|sbom)";

  /** @throws IllegalArgumentException if there is none for one of them */
  List<Precached> of(Cargo cargo, List<String> releases) throws IOException {
    List<Precached> names = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (String release : releases) {
      for (HeldRelease.Member member : new HeldRelease(Content.of(store)).members(release)) {
        Optional<Cargo.Image> image = cargo.images().stream().filter(each -> each.toString().equals(member.image()))
            .findFirst();
        image.ifPresent(found -> {
          named.add(found.toString());
          names.add(Precached.of(found, member.source(), member.component(), tag(release)));
        });
      }
    }
    for (Cargo.Image image : cargo.images()) {
      if (!named.contains(image.toString())) {
        addOther(cargo, image, names);
      }
    }
    return names;
  }

  /** As it was asked for, without what stands before it. */
  private static String tag(String release) {
    String last = release.substring(release.lastIndexOf('/') + 1);
    return last.substring(last.lastIndexOf(':') + 1);
  }

  /** By each of its tags, or by its digest where none leads to it; a signature is nothing that a node loads. */
  private void addOther(Cargo cargo, Cargo.Image image, List<Precached> names) {
    Set<Tag> tags = cargo.tags(image.name(), image.digest());
    if (tags.isEmpty()) {
      names.add(name(image, "@" + image.digest()));
    }
    for (Tag tag : tags) {
      if (!tag.value().matches(COMPANION)) {
        names.add(name(image, ":" + tag));
      }
    }
  }

  private Precached name(Cargo.Image image, String end) {
    String first = image.name().first();
    String held = image.name().value() + end;
    if (first.contains(".") && !first.equals(image.name().value())) {
      return Precached.other(image, first, held.substring(first.length() + 1));
    }
    return Precached.other(image, registry.orElseThrow(() -> new IllegalArgumentException(
        held + " is held without the name of a registry, by which a node could ask for it; say --registry HOST")),
        held);
  }
}
