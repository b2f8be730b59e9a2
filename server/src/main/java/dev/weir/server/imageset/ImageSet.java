package dev.weir.server.imageset;

import java.util.List;
import java.util.Optional;

/**
 * An ImageSetConfiguration, as far as weir follows it.
 *
 * @param architectures of releases, as Go names them; amd64 where none is named
 * @param channels      of releases
 * @param release       an image, in place of channels
 * @param additional    full names of images
 * @param blocked       names of images, or of repositories, that are to stay away
 * @param ignored       what weir does not follow, with its reason
 */
public record ImageSet(List<String> architectures, List<Channel> channels, Optional<String> release,
    List<Catalog> catalogs, List<String> additional, List<String> blocked, List<Unresolved> ignored) {

  public ImageSet {
    architectures = List.copyOf(architectures);
    channels = List.copyOf(channels);
    catalogs = List.copyOf(catalogs);
    additional = List.copyOf(additional);
    blocked = List.copyOf(blocked);
    ignored = List.copyOf(ignored);
  }

  /**
   * Releases.
   *
   * @param full         from the channel's first version on, where no lowest one is given
   * @param shortestPath only those over which the highest is reached from the lowest
   */
  public record Channel(String name, Range range, boolean full, boolean shortestPath) {}

  /**
   * Operators.
   *
   * @param full     every version rather than each channel's last
   * @param packages none: all of them
   */
  public record Catalog(String image, boolean full, List<Operator> packages) {
    public Catalog {
      packages = List.copyOf(packages);
    }
  }

  /**
   * An operator.
   *
   * @param channels       none: its default channel
   * @param defaultChannel in place of the one that the catalog says
   */
  public record Operator(String name, List<Part> channels, Range range, Optional<String> defaultChannel) {
    public Operator {
      channels = List.copyOf(channels);
    }
  }

  /** A channel of an operator. */
  public record Part(String name, Range range) {}
}
