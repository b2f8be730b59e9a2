package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Tag;

/**
 * Which images are held, told by their manifests alone; whether all of them is here, {@link Verification} says.
 *
 * @param held   of those asked for
 * @param absent the others
 */
public record HeldReport(List<String> held, List<String> absent) {
  public HeldReport {
    held = List.copyOf(held);
    absent = List.copyOf(absent);
  }

  /**
   * Looks for images.
   *
   * @param images as {@code NAME:TAG} or {@code NAME@DIGEST}
   * @throws IllegalArgumentException if one is no name
   */
  public static HeldReport of(Content content, List<String> images) throws IOException {
    List<String> held = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (String image : images) {
      (isHeld(content, ImageName.parse(image)) ? held : absent).add(image);
    }
    return new HeldReport(held, absent);
  }

  private static boolean isHeld(Content content, ImageName image) throws IOException {
    if (image.reference().isEmpty()) {
      return content.tags().isRepository(image.name());
    }
    Optional<Digest> digest = switch (image.reference().get()) {
      case Tag tag -> content.tags().resolve(image.name(), tag);
      case Digest known -> Optional.of(known);
    };
    return digest.isPresent() && content.manifests().has(image.name(), digest.get());
  }
}
