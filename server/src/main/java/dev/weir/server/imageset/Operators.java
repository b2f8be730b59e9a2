package dev.weir.server.imageset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.server.release.PullSpec;

/** The operators of an image set: catalogs, and of those the bundles that are asked for with all that they name. */
final class Operators {
  private final Source source;
  private final List<Wanted> wanted;
  private final List<Unresolved> unresolved;

  Operators(Source source, List<Wanted> wanted, List<Unresolved> unresolved) {
    this.source = source;
    this.wanted = wanted;
    this.unresolved = unresolved;
  }

  void resolve(ImageSet set) {
    for (ImageSet.Catalog catalog : set.catalogs()) {
      try {
        PullSpec image = PullSpec.parse(catalog.image());
        wanted.add(new Wanted(Wanted.Kind.CATALOG, image, "catalog"));
        CatalogContent content = CatalogImage.read(source, image, set.architectures().getFirst());
        catalog(catalog, content);
      } catch (IOException e) {
        unresolved.add(new Unresolved("the operators of " + catalog.image(), String.valueOf(e.getMessage())));
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("the catalog " + catalog.image(), String.valueOf(e.getMessage())));
      }
    }
  }

  private void catalog(ImageSet.Catalog catalog, CatalogContent content) {
    List<ImageSet.Operator> packages = catalog.packages().isEmpty()
        ? content.operators().stream()
            .map(name -> new ImageSet.Operator(name, List.of(), Range.ALL, Optional.empty())).toList()
        : catalog.packages();
    for (ImageSet.Operator each : packages) {
      try {
        operator(each, catalog, content);
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("operator " + each.name(), String.valueOf(e.getMessage())));
      }
    }
  }

  private void operator(ImageSet.Operator asked, ImageSet.Catalog catalog, CatalogContent content) {
    if (!content.operators().contains(asked.name())) {
      unresolved.add(new Unresolved("operator " + asked.name(), "it is not in " + catalog.image()));
      return;
    }
    if (!asked.channels().isEmpty() && !asked.range().isAll()) {
      unresolved.add(new Unresolved("operator " + asked.name(),
          "bounds beside channels say two things: put them into the channels"));
      return;
    }
    for (ImageSet.Part part : parts(asked, catalog, content)) {
      if (!content.channels(asked.name()).contains(part.name())) {
        unresolved.add(new Unresolved("channel " + part.name() + " of operator " + asked.name(),
            "it is not in " + catalog.image() + ", which has " + String.join(", ", content.channels(asked.name()))));
        continue;
      }
      List<Bundle> bundles = bundles(asked.name(), part, catalog.full(), content);
      if (bundles.isEmpty()) {
        unresolved.add(new Unresolved("channel " + part.name() + " of operator " + asked.name(),
            part.range().isAll() ? "it has no bundle" : "it has no bundle within " + part.range()));
      }
      bundles.forEach(this::bundle);
    }
  }

  /** The channels that are asked for; where none is named, all for everything, else the default one. */
  private static List<ImageSet.Part> parts(ImageSet.Operator asked, ImageSet.Catalog catalog, CatalogContent content) {
    if (!asked.channels().isEmpty()) {
      return asked.channels();
    }
    if (catalog.full() && asked.range().isAll()) {
      return content.channels(asked.name()).stream().map(name -> new ImageSet.Part(name, Range.ALL)).toList();
    }
    String channel = asked.defaultChannel().or(() -> content.defaultChannel(asked.name()))
        .orElseThrow(() -> new IllegalArgumentException("the catalog names no default channel for it"));
    return List.of(new ImageSet.Part(channel, asked.range()));
  }

  private List<Bundle> bundles(String operator, ImageSet.Part part, boolean full, CatalogContent content) {
    if (part.range().isAll()) {
      return full ? content.bundles(operator, part.name()) : content.heads(operator, part.name());
    }
    List<Bundle> within = new ArrayList<>();
    for (Bundle bundle : content.bundles(operator, part.name())) {
      try {
        if (part.range().holds(Version.parse(bundle.version()))) {
          within.add(bundle);
        }
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("bundle " + bundle.name(), String.valueOf(e.getMessage())));
      }
    }
    return within;
  }

  private void bundle(Bundle bundle) {
    List<String> images = new ArrayList<>(List.of(bundle.image()));
    images.addAll(bundle.related());
    for (String image : images) {
      if (image.isEmpty()) {
        continue;
      }
      try {
        wanted.add(new Wanted(Wanted.Kind.OPERATOR, PullSpec.parse(image), bundle.name()));
      } catch (IllegalArgumentException e) {
        unresolved.add(new Unresolved("an image of " + bundle.name(), String.valueOf(e.getMessage())));
      }
    }
  }
}
