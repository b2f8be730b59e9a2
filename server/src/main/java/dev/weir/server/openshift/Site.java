package dev.weir.server.openshift;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.weir.server.release.PullSpec;

/**
 * This weir, as clusters are to see it.
 *
 * @param sources     the narrow before the wide
 * @param mirrorsOnly whether clusters are never to ask the sources themselves
 */
public record Site(Door door, Transport transport, List<Source> sources, boolean mirrorsOnly, ClusterVersion version) {
  public Site {
    sources = List.copyOf(sources);
  }

  boolean isPlain() {
    return transport instanceof Transport.Plain;
  }

  /** The CA that clusters do not know. */
  Optional<Certificates> authority() {
    return transport instanceof Transport.Authority(Certificates certificates)
        ? Optional.of(certificates)
        : Optional.empty();
  }

  /** Where the images of {@code source} are, with the door. */
  List<String> mirrors(Source source) {
    return source.paths().stream().map(path -> door + "/" + path).toList();
  }

  /** The path here, without the door, of an image that has another name elsewhere. */
  Optional<String> path(PullSpec image) {
    String repository = image.source();
    return sources.stream().filter(source -> source.holds(repository))
        .max(Comparator.comparingInt(source -> source.location().length()))
        .map(source -> source.paths().getFirst() + repository.substring(source.location().length()));
  }
}
