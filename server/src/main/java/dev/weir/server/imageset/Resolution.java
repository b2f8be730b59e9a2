package dev.weir.server.imageset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.weir.server.release.PullSpec;

/** Makes a list of images out of an image set. What cannot be had keeps nothing else from being resolved. */
public final class Resolution {
  private final Source source;
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<Unresolved> unresolved = new ArrayList<>();

  private Resolution(Source source) {
    this.source = source;
  }

  /** May take minutes: it reads the layers of every catalog. */
  public static Resolved of(ImageSet set, Source source) {
    return new Resolution(source).resolve(set);
  }

  private Resolved resolve(ImageSet set) {
    unresolved.addAll(set.ignored());
    new Releases(source, wanted, unresolved).resolve(set);
    new Operators(source, wanted, unresolved).resolve(set);
    for (String image : set.additional()) {
      try {
        PullSpec spec = PullSpec.parse(image);
        if (spec.reference().isEmpty()) {
          throw new IllegalArgumentException("it has neither tag nor digest; say :latest if that is meant");
        }
        wanted.add(new Wanted(Wanted.Kind.ADDITIONAL, spec, "mirror.additionalImages"));
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("additional image " + image, String.valueOf(e.getMessage())));
      }
    }
    return new Resolved(allowed(set), unresolved);
  }

  private List<Wanted> allowed(ImageSet set) {
    Map<PullSpec, Wanted> once = new LinkedHashMap<>();
    wanted.stream().filter(each -> !isBlocked(each.image(), set.blocked()))
        .forEach(each -> once.putIfAbsent(each.image(), each));
    return List.copyOf(once.values());
  }

  /** By its whole name, or by that of its repository. */
  private static boolean isBlocked(PullSpec image, List<String> blocked) {
    return blocked.contains(image.toString()) || blocked.contains(image.source());
  }
}
