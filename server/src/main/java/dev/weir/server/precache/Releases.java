package dev.weir.server.precache;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.release.ImageReferences;
import dev.weir.server.release.ReleasePayload;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;

/**
 * Finds out which images a release is made of: looks whether it is signed, then reads the list in the last layer of its
 * image. Thread-safe.
 */
final class Releases {
  private static final String SIGNATURES = "stores of signatures";
  /** Until it, oc gave components tags without the architecture. */
  private static final int LAST_MINOR_WITHOUT_ARCHITECTURE = 9;

  private final ImageNames names;
  private final Planner planner;
  private final Fetching fetching;
  private final BlobStore blobs;
  private final Insistence insistence;
  private final Platforms platforms;
  private final Optional<SignatureCheck> signatures;

  /** @param signatures empty: none is needed */
  Releases(ImageNames names, Planner planner, Fetching fetching, BlobStore blobs, Insistence insistence,
      Platforms platforms, Optional<SignatureCheck> signatures) {
    this.names = names;
    this.planner = planner;
    this.fetching = fetching;
    this.blobs = blobs;
    this.insistence = insistence;
    this.platforms = platforms;
    this.signatures = signatures;
  }

  /** A release: its own image first. */
  record Found(List<Wanted> images, Report.Release release) {
    Found {
      images = List.copyOf(images);
    }
  }

  /**
   * Finds one.
   *
   * @param target where its images are to have the tags that oc gives; empty: nowhere
   * @throws IOException if it cannot be had or is not to be trusted; the message is a sentence
   * @throws IllegalArgumentException if {@code asked} is no image's name
   */
  Found find(String asked, Optional<RepositoryName> target) throws IOException {
    Wanted wanted = names.parse(asked, false);
    Manifest manifest = planner.manifest(wanted);
    Optional<SignedRelease> signed = Optional.empty();
    if (signatures.isPresent()) {
      SignatureCheck check = signatures.get();
      signed = Optional
          .of(insistence.answer(SIGNATURES, 0, () -> check.find(asked, wanted.reference(), manifest.digest())));
    }
    Map<ImageReferences.Component, Component> components = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    String version = "";
    for (Payload image : images(wanted, manifest)) {
      ReleasePayload payload = payload(asked, wanted.name(), image.manifest());
      requireVersion(asked, wanted, payload.version(), signed);
      version = payload.version();
      for (ImageReferences.Component each : payload.references().components()) {
        String architecture = names.contains(each.name()) ? image.architecture() : "";
        components.putIfAbsent(each, new Component(each, architecture));
      }
      payload.references().components().forEach(each -> names.add(each.name()));
    }
    return found(wanted, manifest.digest(), version, List.copyOf(components.values()), target, signed);
  }

  /**
   * One image of a release.
   *
   * @param architecture as images name it; empty: there is one for all, or the index does not say
   */
  private record Payload(Manifest manifest, String architecture) {}

  /**
   * An image that a release is made of.
   *
   * @param architecture where an earlier payload has another image by this name, that for which this one is
   */
  private record Component(ImageReferences.Component itself, String architecture) {
    /** What begins its tag; two architectures of one release are two releases to oc. */
    String tag(String release, String version) {
      return architecture.isEmpty() ? release : version + "-" + switch (architecture) {
        case "amd64" -> "x86_64";
        case "arm64" -> "aarch64";
        default -> architecture;
      };
    }
  }

  /** For several architectures there is an index. */
  private List<Payload> images(Wanted wanted, Manifest manifest) throws IOException {
    if (ManifestDocument.parse(manifest.content()).manifests().isEmpty()) {
      return List.of(new Payload(manifest, ""));
    }
    List<Payload> found = new ArrayList<>();
    for (Digest child : platforms.of(manifest.content())) {
      found.add(new Payload(planner.manifest(new Wanted(wanted.asked(), "", wanted.name(), child, List.of())),
          Platforms.architecture(manifest.content(), child)));
    }
    if (found.isEmpty()) {
      throw refusal(wanted.asked() + " has none of the wanted platforms, only " + Platforms.in(manifest.content()));
    }
    return found;
  }

  /** The top layer has the list; layers are named from the lowest on. */
  private ReleasePayload payload(String asked, RepositoryName name, Manifest image) throws IOException {
    List<Descriptor> layers = ManifestDocument.parse(image.content()).blobs();
    IOException first = new IOException("its image has no layers");
    for (int i = layers.size() - 1; i >= 0; i--) {
      Descriptor layer = layers.get(i);
      fetching.have(new Part(name, layer.digest(), layer.size()));
      StoredObject stored = blobs.open(layer.digest())
          .orElseThrow(() -> new IOException(layer.digest() + " went while it was to be read"));
      try (stored; InputStream in = stored.read()) {
        return ReleasePayload.read(in);
      } catch (IOException e) {
        first = i == layers.size() - 1 ? e : first;
      }
    }
    throw refusal(asked + " cannot be read: " + first.getMessage());
  }

  private static void requireVersion(String asked, Wanted wanted, String version, Optional<SignedRelease> signed)
      throws IOException {
    if (wanted.reference() instanceof Tag tag && SignatureCheck.isVersion(tag.value())
        && !SignatureCheck.version(tag).equals(version)) {
      throw refusal(asked + " says itself that it is version " + version);
    }
    Optional<String> stated = signed.flatMap(SignatureCheck::versionOf);
    if (stated.isPresent() && !stated.get().equals(version)) {
      throw refusal(asked + " says itself that it is version " + version + ", and was signed as " + stated.get());
    }
  }

  private static RegistryException refusal(String sentence) {
    return new RegistryException(ErrorCode.DENIED, "the release " + sentence);
  }

  private Found found(Wanted itself, Digest digest, String version, List<Component> components,
      Optional<RepositoryName> target, Optional<SignedRelease> signed) throws IOException {
    String tag = itself.reference() instanceof Tag given
        ? given.value()
        : signed.flatMap(SignatureCheck::tagOf).map(Tag::value).orElse(version);
    List<Wanted> images = new ArrayList<>();
    images.add(itself.as("release " + version).also(places(target, tag)));
    for (Component each : components) {
      String name = each.itself().name();
      List<Wanted.Place> places = new ArrayList<>(places(target, each.tag(tag, version) + "-" + name));
      if (isOld(version) && !tag.equals(version)) {
        places.addAll(places(target, version + "-" + name));
      }
      images.add(component(each.itself()).also(places));
    }
    return new Found(images,
        new Report.Release(itself.asked(), digest.toString(), version, components.size(),
            signed.map(SignedRelease::signedBy).orElse("")));
  }

  private Wanted component(ImageReferences.Component component) throws IOException {
    try {
      return names.parse(component.image().toString(), false).as(component.name());
    } catch (IllegalArgumentException e) {
      throw refusal("names " + component.name() + ": " + e.getMessage());
    }
  }

  private static List<Wanted.Place> places(Optional<RepositoryName> target, String tag) {
    return target.map(name -> List.of(new Wanted.Place(name, Tag.parse(tag)))).orElse(List.of());
  }

  private static boolean isOld(String version) {
    String[] numbers = version.split("\\.", 3);
    return numbers.length == 3 && numbers[0].equals("4") && numbers[1].matches("\\d{1,2}")
        && Integer.parseInt(numbers[1]) <= LAST_MINOR_WITHOUT_ARCHITECTURE;
  }
}
