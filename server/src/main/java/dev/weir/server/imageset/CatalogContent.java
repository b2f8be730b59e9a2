package dev.weir.server.imageset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a file-based catalog says: operators, their channels, and the bundles in those. */
final class CatalogContent {
  private final Map<String, String> defaultChannels = new TreeMap<>();
  private final Map<String, Map<String, List<Entry>>> channels = new TreeMap<>();
  private final Map<String, Map<String, Bundle>> bundles = new TreeMap<>();

  /**
   * A bundle's place in a channel.
   *
   * @param before bundles that are updated to it, those that it skips among them
   */
  record Entry(String bundle, List<String> before) {}

  void add(CatalogBlob blob) {
    switch (blob) {
      case CatalogBlob.Operator(String name, String defaultChannel) -> defaultChannels.put(name, defaultChannel);
      case CatalogBlob.Channel(String name, String operator, List<Entry> entries) ->
        channels.computeIfAbsent(operator, none -> new TreeMap<>())
            .merge(name, entries, (one, more) -> {
              List<Entry> both = new ArrayList<>(one);
              both.addAll(more);
              return both;
            });
      case CatalogBlob.OfBundle(Bundle bundle) ->
        bundles.computeIfAbsent(bundle.operator(), none -> new TreeMap<>()).put(bundle.name(), bundle);
    }
  }

  Set<String> operators() {
    return defaultChannels.keySet();
  }

  Optional<String> defaultChannel(String operator) {
    return Optional.ofNullable(defaultChannels.get(operator)).filter(name -> !name.isEmpty());
  }

  Set<String> channels(String operator) {
    return channels.getOrDefault(operator, Map.of()).keySet();
  }

  /** Those of a channel, as it lists them; some may be missing in the catalog. */
  List<Bundle> bundles(String operator, String channel) {
    Map<String, Bundle> all = bundles.getOrDefault(operator, Map.of());
    return entries(operator, channel).stream().flatMap(entry -> Optional.ofNullable(all.get(entry.bundle())).stream())
        .distinct().toList();
  }

  /** Those of a channel that nothing is to be updated from. There is one, in a catalog that is in order. */
  List<Bundle> heads(String operator, String channel) {
    Set<String> before = new HashSet<>();
    entries(operator, channel).forEach(entry -> before.addAll(entry.before()));
    return bundles(operator, channel).stream().filter(bundle -> !before.contains(bundle.name())).toList();
  }

  private List<Entry> entries(String operator, String channel) {
    return channels.getOrDefault(operator, Map.of()).getOrDefault(channel, List.of());
  }
}
