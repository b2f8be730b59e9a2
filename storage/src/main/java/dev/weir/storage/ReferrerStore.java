package dev.weir.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which manifests of a repository refer to which, by their {@code subject}. Kept beside the subject's revision, which
 * may itself be absent. Thread-safe.
 */
final class ReferrerStore {
  private final ObjectStore store;
  private final Links links;

  ReferrerStore(ObjectStore store) {
    this.store = store;
    this.links = new Links(store);
  }

  void add(RepositoryName name, Digest subject, Digest referrer) throws IOException {
    links.write(Layout.referrer(name, subject, referrer), referrer);
  }

  void remove(RepositoryName name, Digest subject, Digest referrer) throws IOException {
    store.delete(Layout.referrer(name, subject, referrer));
  }

  /** In the order of their digests. */
  List<Digest> of(RepositoryName name, Digest subject) throws IOException {
    List<Digest> found = new ArrayList<>();
    ObjectKey all = Layout.referrers(name, subject);
    try (Stream<ObjectStore.Child> children = store.children(all, "")) {
      for (ObjectStore.Child child : children.toList()) {
        Optional<Digest> referrer = links.read(all.resolve(child.name()));
        referrer.ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }
}
