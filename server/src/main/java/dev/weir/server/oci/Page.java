package dev.weir.server.oci;

import java.util.OptionalInt;

/**
 * Which part of a sorted list is asked for (OCI distribution-spec, "Listing Tags").
 *
 * @param limit the most entries, {@code n}; empty: as many as there are
 * @param after only entries greater than this, {@code last}; empty: from the beginning
 */
public record Page(OptionalInt limit, String after) {
  public static final Page ALL = new Page(OptionalInt.empty(), "");
}
