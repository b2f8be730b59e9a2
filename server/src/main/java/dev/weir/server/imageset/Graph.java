package dev.weir.server.imageset;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.server.release.PullSpec;

/**
 * The releases of a channel, and which can be updated to which.
 *
 * @param payloads release images by version, the lowest first
 * @param updates  to what each can be updated, as far as no risk is known
 */
record Graph(TreeMap<Version, PullSpec> payloads, Map<Version, List<Version>> updates) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** @throws IllegalArgumentException if it is none; the message is the end of a sentence about it */
  static Graph parse(byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      List<Version> byIndex = new ArrayList<>();
      TreeMap<Version, PullSpec> payloads = new TreeMap<>();
      for (JsonNode node : root.path("nodes")) {
        Version version = Version.parse(node.path("version").asText());
        byIndex.add(version);
        payloads.put(version, PullSpec.parse(node.path("payload").asText()));
      }
      Map<Version, List<Version>> updates = new HashMap<>();
      for (JsonNode edge : root.path("edges")) {
        int from = edge.path(0).asInt(-1);
        int to = edge.path(1).asInt(-1);
        if (Math.min(from, to) < 0 || Math.max(from, to) >= byIndex.size()) {
          throw new IllegalArgumentException("is an update graph with an edge that leads nowhere");
        }
        updates.computeIfAbsent(byIndex.get(from), none -> new ArrayList<>()).add(byIndex.get(to));
      }
      return new Graph(payloads, updates);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is no update graph: no JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("is no update graph: " + e.getMessage(), e);
    }
  }

  /** All that several channels have. */
  static Graph of(List<Graph> channels) {
    TreeMap<Version, PullSpec> payloads = new TreeMap<>();
    Map<Version, List<Version>> updates = new HashMap<>();
    for (Graph each : channels) {
      each.payloads().forEach(payloads::putIfAbsent);
      each.updates().forEach((from, to) -> updates.computeIfAbsent(from, none -> new ArrayList<>()).addAll(to));
    }
    return new Graph(payloads, updates);
  }

  /** The shortest way by updates, both ends on it; of several the one over the highest versions. Empty: there is none. */
  Optional<List<Version>> path(Version from, Version to) {
    Map<Version, Version> reachedFrom = new HashMap<>();
    Deque<Version> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty() && !next.peekFirst().equals(to)) {
      Version at = next.removeFirst();
      List<Version> further = new ArrayList<>(updates.getOrDefault(at, List.of()));
      further.sort(Collections.reverseOrder());
      for (Version each : further) {
        if (!each.equals(from) && reachedFrom.putIfAbsent(each, at) == null) {
          next.addLast(each);
        }
      }
    }
    if (next.isEmpty()) {
      return Optional.empty();
    }
    List<Version> way = new ArrayList<>(List.of(to));
    while (!way.getLast().equals(from)) {
      way.add(reachedFrom.get(way.getLast()));
    }
    return Optional.of(way.reversed());
  }
}
