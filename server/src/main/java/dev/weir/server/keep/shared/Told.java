package dev.weir.server.keep.shared;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;

/**
 * What all weirs told of themselves in their {@link Notes}. Lines that cannot be read count as absent.
 *
 * @param store without a memory that may answer in its place
 */
record Told(ObjectStore store) {
  static byte[] text(Map<Digest, Long> uses) {
    StringBuilder text = new StringBuilder();
    uses.forEach((image, when) -> text.append(image).append(' ').append(when.longValue()).append('\n'));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] text(long bytes) {
    return (bytes + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** When images were last asked for, in milliseconds since 1970, by the clocks of those who were asked. */
  Map<Digest, Long> uses() throws IOException {
    Map<Digest, Long> all = new HashMap<>();
    for (String place : places(Keys.USES)) {
      uses(store, place).forEach((image, when) -> all.merge(image, when, Math::max));
    }
    return all;
  }

  /** By one weir. */
  static Map<Digest, Long> uses(ObjectStore store, String place) throws IOException {
    Map<Digest, Long> found = new HashMap<>();
    lines(store, Keys.USES.resolve(place)).map(line -> line.split(" ", 2)).filter(words -> words.length == 2)
        .forEach(words -> Digest.parsed(words[0]).ifPresent(image -> found.merge(image, number(words[1]), Math::max)));
    return found;
  }

  /** Bytes that they ever stored. */
  long stored() throws IOException {
    long sum = 0;
    for (String place : places(Keys.STORED)) {
      sum += stored(store, place);
    }
    return sum;
  }

  /** The same of one weir. */
  static long stored(ObjectStore store, String place) throws IOException {
    return lines(store, Keys.STORED.resolve(place)).mapToLong(Told::number).max().orElse(0);
  }

  /** Forgets what was not told anew since; the next sum of {@link #stored} is less by that. */
  void forgetBefore(Instant last) throws IOException {
    for (ObjectKey below : List.of(Keys.USES, Keys.STORED)) {
      for (String place : places(below)) {
        Optional<Instant> written = store.written(below.resolve(place));
        if (written.isPresent() && written.get().isBefore(last)) {
          boolean _ = store.delete(below.resolve(place));
        }
      }
    }
  }

  private List<String> places(ObjectKey below) throws IOException {
    return store.list(below, "").stream().filter(child -> !child.isPrefix()).map(ObjectStore.Child::name).toList();
  }

  private static Stream<String> lines(ObjectStore store, ObjectKey key) throws IOException {
    return store.get(key).map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).orElse("").lines();
  }

  /** 0: it is no number. */
  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
