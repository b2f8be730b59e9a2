package dev.weir.server.imageset;

import java.util.List;

/** What is kept of one blob of a file-based catalog. */
sealed interface CatalogBlob {
  /** {@code olm.package}. */
  record Operator(String name, String defaultChannel) implements CatalogBlob {}

  /** {@code olm.channel}. */
  record Channel(String name, String operator, List<CatalogContent.Entry> entries) implements CatalogBlob {
    public Channel {
      entries = List.copyOf(entries);
    }
  }

  /** {@code olm.bundle}. */
  record OfBundle(Bundle bundle) implements CatalogBlob {}
}
