package dev.weir.server.keep;

import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * An image as a person writes it: {@code NAME}, {@code NAME:TAG}, {@code NAME@DIGEST}, where a tag before a digest says
 * nothing.
 *
 * @param reference empty: everything in the repository
 */
public record ImageName(RepositoryName name, Optional<Reference> reference) {
  /** @throws IllegalArgumentException if it is none */
  public static ImageName parse(String text) {
    int at = text.indexOf('@');
    String named = at < 0 ? text : text.substring(0, at);
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    RepositoryName name = RepositoryName.parse(colon < 0 ? named : named.substring(0, colon));
    if (at >= 0) {
      return new ImageName(name, Optional.of(Digest.parse(text.substring(at + 1))));
    }
    return new ImageName(name, colon < 0 ? Optional.empty() : Optional.of(Tag.parse(named.substring(colon + 1))));
  }
}
