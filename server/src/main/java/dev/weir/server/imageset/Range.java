package dev.weir.server.imageset;

import java.util.Optional;

/** Versions between two bounds that both belong to it. */
public record Range(Optional<String> minimum, Optional<String> maximum) {
  static final Range ALL = new Range(Optional.empty(), Optional.empty());

  boolean isAll() {
    return minimum.isEmpty() && maximum.isEmpty();
  }

  /** @throws IllegalArgumentException if a bound is no version; the message is a sentence */
  boolean holds(Version version) {
    return minimum.map(bound -> Version.lowest(bound).compareTo(version) <= 0).orElse(true)
        && maximum.map(bound -> Version.highest(bound).compareTo(version) >= 0).orElse(true);
  }

  @Override
  public String toString() {
    return minimum.orElse("") + ".." + maximum.orElse("");
  }
}
