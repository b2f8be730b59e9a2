package dev.weir.server.space;

import java.util.Map;

import dev.weir.storage.Digest;

/**
 * When images were last asked for.
 *
 * @param known in milliseconds since 1970
 * @param otherwise for those that are not known: they came after this was written
 */
record Uses(Map<Digest, Long> known, long otherwise) {
  static final Uses NONE = new Uses(Map.of(), 1);

  long of(Digest image) {
    return known.getOrDefault(image, otherwise);
  }
}
