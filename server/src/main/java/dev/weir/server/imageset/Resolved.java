package dev.weir.server.imageset;

import java.util.List;

/**
 * What an image set comes to.
 *
 * @param images     each once, in the order in which it is asked for
 * @param unresolved what is not among them although it was asked for, each with its reason
 */
public record Resolved(List<Wanted> images, List<Unresolved> unresolved) {
  public Resolved {
    images = List.copyOf(images);
    unresolved = List.copyOf(unresolved);
  }
}
