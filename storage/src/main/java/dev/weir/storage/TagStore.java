package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** Tags and what they point to. Thread-safe; of two that set one tag at once, one wins whole. */
public final class TagStore {
  private final ObjectStore store;
  private final Links links;

  public TagStore(ObjectStore store) {
    this.store = store;
    this.links = new Links(store);
  }

  /** What the tag points to; the manifest itself may be absent. */
  public Optional<Digest> resolve(RepositoryName name, Tag tag) throws IOException {
    return links.read(Layout.tagLink(name, tag));
  }

  /** Points the tag at a manifest that a person pushed: from now on it wins over upstream. */
  public void setOwned(RepositoryName name, Tag tag, Digest digest) throws IOException {
    store.delete(Layout.cachedTagMark(name, digest, tag));
    set(name, tag, digest);
  }

  /** Points the tag at what upstream says. The mark goes first, so that a crash never leaves a cached tag as owned. */
  public void setCached(RepositoryName name, Tag tag, Digest digest) throws IOException {
    store.putBytes(Layout.cachedTagMark(name, digest, tag), tag.value().getBytes(StandardCharsets.US_ASCII));
    set(name, tag, digest);
  }

  /** Whether the tag, pointing to {@code digest}, was set from upstream rather than pushed. */
  public boolean isCached(RepositoryName name, Tag tag, Digest digest) throws IOException {
    return store.size(Layout.cachedTagMark(name, digest, tag)).isPresent();
  }

  private void set(RepositoryName name, Tag tag, Digest digest) throws IOException {
    links.write(Layout.tagIndexLink(name, tag, digest), digest);
    links.write(Layout.tagLink(name, tag), digest);
  }

  /** The repository's tags in byte order, those after {@code after}; the caller closes the stream. */
  public Stream<Tag> list(RepositoryName name, String after) throws IOException {
    return store.children(Layout.tags(name), after).filter(ObjectStore.Child::isPrefix)
        .flatMap(child -> parsed(child.name()).stream());
  }

  /** Whether anything was ever stored under the name. */
  public boolean isRepository(RepositoryName name) throws IOException {
    try (Stream<ObjectStore.Child> children = store.children(Layout.repository(name), "_")) {
      return children.takeWhile(child -> child.name().startsWith("_"))
          .anyMatch(child -> child.name().equals("_layers") || child.name().equals("_manifests"));
    }
  }

  /** Something that is not a tag may lie there: another program's temporary file. */
  private static Optional<Tag> parsed(String name) {
    try {
      return Optional.of(Tag.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
