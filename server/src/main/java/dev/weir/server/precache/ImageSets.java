package dev.weir.server.precache;

import java.util.ArrayList;
import java.util.List;

import dev.weir.server.imageset.ImageSetFile;
import dev.weir.server.imageset.Resolution;
import dev.weir.server.imageset.Resolved;
import dev.weir.server.imageset.Source;
import dev.weir.server.imageset.Unresolved;
import dev.weir.server.imageset.Wanted;

/**
 * What image sets ask for, as an order has it.
 *
 * @param missing what they ask for that did not come to a release or an image
 */
record ImageSets(List<String> releases, List<String> images, List<Report.Missing> missing) {
  ImageSets {
    releases = List.copyOf(releases);
    images = List.copyOf(images);
    missing = List.copyOf(missing);
  }

  /** @param sets each an ImageSetConfiguration that can be read */
  static ImageSets of(List<String> sets, Source source) {
    List<String> releases = new ArrayList<>();
    List<String> images = new ArrayList<>();
    List<Report.Missing> missing = new ArrayList<>();
    for (String set : sets) {
      Resolved resolved = Resolution.of(ImageSetFile.parse(set), source);
      for (Wanted each : resolved.images()) {
        (each.kind() == Wanted.Kind.RELEASE ? releases : images).add(each.image().toString());
      }
      for (Unresolved each : resolved.unresolved()) {
        missing.add(new Report.Missing(each.what(), "image set", each.why()));
      }
    }
    return new ImageSets(releases, images, missing);
  }
}
