package dev.weir.server.imageset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way of updates from the lowest release of one channel to the highest of another, over the channels of the minor versions
 * between them: clusters are moved from channel to channel to go it.
 */
final class Crossing {
  private static final Pattern CHANNEL = Pattern.compile("(.+)-([0-9]+)\\.([0-9]{1,3})");
  /** Minor versions between two channels. */
  private static final int MOST_BETWEEN = 20;

  private final Source source;
  private final String architecture;

  Crossing(Source source, String architecture) {
    this.source = source;
    this.architecture = architecture;
  }

  /**
   * What was chosen of a channel.
   *
   * @param versions the lowest first; at least one
   */
  record Chosen(String channel, Graph graph, List<Version> versions) {
    Chosen {
      versions = List.copyOf(versions);
    }

    private Version lowest() {
      return versions.getFirst();
    }

    private Version highest() {
      return versions.getLast();
    }
  }

  /**
   * A way.
   *
   * @param graph that has all of its releases
   */
  record Way(Graph graph, List<Version> versions) {
    Way {
      versions = List.copyOf(versions);
    }
  }

  /**
   * The shortest, both ends on it.
   *
   * @param channels several, of one architecture
   * @throws IOException              if the graph of a channel between cannot be had
   * @throws IllegalArgumentException if there is no way; the message is the end of a sentence
   */
  Way between(List<Chosen> channels) throws IOException {
    Chosen first = channels.stream().min(Comparator.comparing(Chosen::lowest)).orElseThrow();
    Chosen last = channels.stream().max(Comparator.comparing(Chosen::highest)).orElseThrow();
    List<Graph> graphs = new ArrayList<>(channels.stream().map(Chosen::graph).toList());
    for (String name : namesBetween(first.channel(), last.channel())) {
      if (channels.stream().noneMatch(each -> each.channel().equals(name))) {
        graphs.add(Graph.parse(source.graph(name, architecture)));
      }
    }
    Graph whole = Graph.of(graphs);
    return new Way(whole, whole.path(first.lowest(), last.highest()).orElseThrow(() -> new IllegalArgumentException(
        "no update leads from " + first.lowest() + " to " + last.highest() + " without a known risk")));
  }

  private static List<String> namesBetween(String first, String last) {
    Matcher from = CHANNEL.matcher(first);
    Matcher to = CHANNEL.matcher(last);
    if (!from.matches() || !to.matches() || !from.group(2).equals(to.group(2))) {
      throw new IllegalArgumentException("which channels lie between " + first + " and " + last + " nobody can tell");
    }
    int begin = Integer.parseInt(from.group(3));
    int end = Integer.parseInt(to.group(3));
    if (end - begin > MOST_BETWEEN) {
      throw new IllegalArgumentException("too many channels lie between " + first + " and " + last);
    }
    List<String> names = new ArrayList<>();
    for (int minor = begin + 1; minor < end; minor++) {
      names.add(from.group(1) + "-" + from.group(2) + "." + minor);
    }
    return names;
  }
}
