package dev.weir.storage;

/** What a manifest is asked for by: a {@link Tag}, which may move, or a {@link Digest}, which cannot. */
public sealed interface Reference permits Tag, Digest {
  /** @throws IllegalArgumentException if {@code text} is neither; a colon makes it a digest */
  static Reference parse(String text) {
    return text.indexOf(':') >= 0 ? Digest.parse(text) : Tag.parse(text);
  }
}
