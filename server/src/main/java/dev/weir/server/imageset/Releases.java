package dev.weir.server.imageset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.server.release.PullSpec;

/** The releases of an image set. */
final class Releases {
  private final Source source;
  private final List<Wanted> wanted;
  private final List<Unresolved> unresolved;

  Releases(Source source, List<Wanted> wanted, List<Unresolved> unresolved) {
    this.source = source;
    this.wanted = wanted;
    this.unresolved = unresolved;
  }

  void resolve(ImageSet set) {
    set.release().ifPresent(image -> {
      try {
        wanted.add(new Wanted(Wanted.Kind.RELEASE, PullSpec.parse(image), "mirror.platform.release"));
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("mirror.platform.release", String.valueOf(e.getMessage())));
      }
    });
    for (String architecture : set.architectures()) {
      List<Crossing.Chosen> chosen = new ArrayList<>();
      set.channels().forEach(channel -> channel(channel, architecture).ifPresent(chosen::add));
      if (chosen.size() > 1) {
        crossing(chosen, architecture, set.channels().stream().anyMatch(ImageSet.Channel::shortestPath));
      }
    }
  }

  /** Empty: nothing of it can be had. */
  private Optional<Crossing.Chosen> channel(ImageSet.Channel channel, String architecture) {
    String what = "channel " + channel.name() + " (" + architecture + ")";
    try {
      Graph graph = Graph.parse(source.graph(channel.name(), architecture));
      if (graph.payloads().isEmpty()) {
        unresolved.add(new Unresolved(what, "there is no release in it"));
        return Optional.empty();
      }
      List<Version> versions = versions(graph, channel, what);
      want(graph, versions, architecture);
      return versions.isEmpty()
          ? Optional.empty()
          : Optional.of(new Crossing.Chosen(channel.name(), graph, versions));
    } catch (IOException e) {
      unresolved.add(new Unresolved(what, "its update graph cannot be had: " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      unresolved.add(new Unresolved(what, String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private void want(Graph graph, List<Version> versions, String architecture) {
    versions.forEach(version -> wanted.add(
        new Wanted(Wanted.Kind.RELEASE, payload(graph, version), "release " + version + " (" + architecture + ")")));
  }

  /** @param isAsked somebody relies on ways; without one, all that was named is here all the same */
  private void crossing(List<Crossing.Chosen> chosen, String architecture, boolean isAsked) {
    try {
      Crossing.Way way = new Crossing(source, architecture).between(chosen);
      want(way.graph(), way.versions(), architecture);
    } catch (IOException | IllegalArgumentException e) {
      if (isAsked) {
        unresolved.add(new Unresolved("the way between channels (" + architecture + ")",
            (e instanceof IOException ? "an update graph cannot be had: " : "") + e.getMessage()));
      }
    }
  }

  private static PullSpec payload(Graph graph, Version version) {
    return Optional.ofNullable(graph.payloads().get(version)).orElseThrow();
  }

  /** As oc-mirror chooses: without a lowest one the highest alone, unless the whole channel is wanted. */
  private List<Version> versions(Graph graph, ImageSet.Channel channel, String what) {
    List<Version> held = graph.payloads().navigableKeySet().stream().filter(channel.range()::holds).toList();
    if (held.isEmpty()) {
      unresolved.add(new Unresolved(what, "no release in it is within " + channel.range()));
      return List.of();
    }
    warnOfAbsent(channel, graph, what);
    if (channel.range().minimum().isEmpty() && !channel.full()) {
      return List.of(held.getLast());
    }
    if (!channel.shortestPath()) {
      return held;
    }
    Optional<List<Version>> way = graph.path(held.getFirst(), held.getLast());
    if (way.isEmpty()) {
      unresolved.add(new Unresolved(what, "no update leads from " + held.getFirst() + " to " + held.getLast()
          + " without a known risk; without shortestPath all releases between them are taken"));
      return List.of(held.getFirst(), held.getLast());
    }
    return way.get();
  }

  /** A bound that is a whole version is meant to be in the set. */
  private void warnOfAbsent(ImageSet.Channel channel, Graph graph, String what) {
    List<String> bounds = new ArrayList<>();
    channel.range().minimum().ifPresent(bounds::add);
    channel.range().maximum().ifPresent(bounds::add);
    for (String bound : bounds) {
      if (bound.matches("v?[0-9]+\\.[0-9]+\\.[0-9]+.*") && !graph.payloads().containsKey(Version.parse(bound))) {
        unresolved.add(new Unresolved("release " + bound, "it is not in " + what));
      }
    }
  }
}
