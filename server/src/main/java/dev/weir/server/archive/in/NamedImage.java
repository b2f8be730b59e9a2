package dev.weir.server.archive.in;

import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** An image as people write it: {@code NAME}, {@code NAME:TAG}, {@code NAME@DIGEST}. */
public record NamedImage(RepositoryName name, Optional<Reference> reference) {

  /**
   * Reads it; a host with a port, which no repository's name can begin with, is left out.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static NamedImage parse(String text) {
    int slash = text.indexOf('/');
    String given = slash > 0 && text.substring(0, slash).contains(":") ? text.substring(slash + 1) : text;
    int at = given.indexOf('@');
    if (at >= 0) {
      return new NamedImage(RepositoryName.parse(withoutTag(given.substring(0, at))),
          Optional.of(Digest.parse(given.substring(at + 1))));
    }
    String name = withoutTag(given);
    return new NamedImage(RepositoryName.parse(name), name.length() == given.length()
        ? Optional.empty()
        : Optional.of(Tag.parse(given.substring(name.length() + 1))));
  }

  private static String withoutTag(String text) {
    int colon = text.lastIndexOf(':');
    return colon > text.lastIndexOf('/') ? text.substring(0, colon) : text;
  }

  /** The tag, where it has one. */
  Optional<Tag> tag() {
    return reference.filter(Tag.class::isInstance).map(Tag.class::cast);
  }
}
