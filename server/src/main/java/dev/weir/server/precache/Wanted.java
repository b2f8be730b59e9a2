package dev.weir.server.precache;

import java.util.List;

import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * An image that is to be here.
 *
 * @param asked as it was asked for, for people
 * @param label what it is to a release, such as {@code cli}; empty: nothing
 * @param also further names here that are to lead to it
 */
record Wanted(String asked, String label, RepositoryName name, Reference reference, List<Place> also) {
  /** A name here. */
  record Place(RepositoryName name, Tag tag) {
    @Override
    public String toString() {
      return name + ":" + tag;
    }
  }

  Wanted {
    also = List.copyOf(also);
  }

  /** The same, under further names. */
  Wanted also(List<Place> places) {
    return new Wanted(asked, label, name, reference, places);
  }

  /** The same, which is this to a release. */
  Wanted as(String component) {
    return new Wanted(asked, component, name, reference, also);
  }
}
