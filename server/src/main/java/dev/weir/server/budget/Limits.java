package dev.weir.server.budget;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a budget allows.
 *
 * @param bytesPerSecond over all transfers together
 * @param transfers at once
 * @param further streams at once beside the first of each download, over all downloads together
 */
public record Limits(OptionalLong bytesPerSecond, OptionalInt transfers, int further) {
  /** None, and no download has more than one stream. */
  public static final Limits NONE = new Limits(OptionalLong.empty(), OptionalInt.empty(), 0);
}
