package dev.weir.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Images that were acknowledged before all of their content was here, because upstream has it. What stands here is
 * fetched until it is complete, over any number of restarts. Thread-safe.
 */
public final class IncompleteImages {
  private final ObjectStore store;

  public IncompleteImages(ObjectStore store) {
    this.store = store;
  }

  /** One of them. */
  public record Image(RepositoryName name, Digest digest) {
    @Override
    public String toString() {
      return name + "@" + digest;
    }
  }

  public void add(Image image) throws IOException {
    store.putBytes(Layout.incomplete(image), image.toString().getBytes(StandardCharsets.UTF_8));
  }

  public void remove(Image image) throws IOException {
    store.delete(Layout.incomplete(image));
  }

  public boolean contains(Image image) throws IOException {
    return store.size(Layout.incomplete(image)).isPresent();
  }

  public List<Image> all() throws IOException {
    List<Image> found = new ArrayList<>();
    try (Stream<ObjectStore.Child> children = store.children(Layout.INCOMPLETE, "")) {
      for (ObjectStore.Child child : children.toList()) {
        store.get(Layout.INCOMPLETE.resolve(child.name())).flatMap(IncompleteImages::parsed).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  private static Optional<Image> parsed(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    int at = text.indexOf('@');
    try {
      return Optional.of(new Image(RepositoryName.parse(text.substring(0, at)), Digest.parse(text.substring(at + 1))));
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
