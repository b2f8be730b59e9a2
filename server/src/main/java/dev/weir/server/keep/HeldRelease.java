package dev.weir.server.keep;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.server.release.ImageReferences;
import dev.weir.server.release.PullSpec;
import dev.weir.server.release.ReleasePayload;
import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;

/** An OpenShift release that is held, or should be: the names of all its images, as its release image lists them. */
public final class HeldRelease {
  private static final RepositoryName USUAL = RepositoryName.parse("quay.io/openshift-release-dev/ocp-release");

  private final Content content;

  public HeldRelease(Content content) {
    this.content = content;
  }

  /** These images and those of these releases, to be looked at together. */
  public static List<String> with(Content content, List<String> images, List<String> releases) throws IOException {
    Set<String> all = new LinkedHashSet<>(images);
    for (String release : releases) {
      all.addAll(new HeldRelease(content).images(release));
    }
    return List.copyOf(all);
  }

  /**
   * The images of a release, its own first, then its signature if it is held, by the names under which they are held, or by which they would be.
   *
   * @param release its digest or tag alone, or {@code NAME:TAG} or {@code NAME@DIGEST}
   * @throws IllegalArgumentException if it is no name
   * @throws IOException if it is not held, or is no release; the message is a sentence
   */
  public List<String> images(String release) throws IOException {
    ImageName image = find(release);
    Digest digest = digest(image).orElseThrow(() -> new IOException("the release " + release + " is not held"));
    Set<String> images = new LinkedHashSet<>();
    images.add(image.name() + "@" + digest);
    Tag signature = Tag.parse(digest.algorithm() + "-" + digest.hex() + ".sig");
    if (content.tags().resolve(image.name(), signature).isPresent()) {
      images.add(image.name() + ":" + signature);
    }
    for (Digest single : singles(image.name(), digest)) {
      images.add(image.name() + "@" + single);
      for (ImageReferences.Component component : payload(release, single).references().components()) {
        images.add(place(image.name(), component.image()));
      }
    }
    return List.copyOf(images);
  }

  /**
   * An image of a release.
   *
   * @param image by which it is held, or would be
   * @param source by which a cluster asks for it
   * @param component what it is in the release; empty: the release itself
   */
  public record Member(String image, String source, String component) {}

  /** What a release is made of, as {@link #images} without signatures, with the names that clusters know. */
  public List<Member> members(String release) throws IOException {
    ImageName image = find(release);
    Digest digest = digest(image).orElseThrow(() -> new IOException("the release " + release + " is not held"));
    List<Member> members = new ArrayList<>();
    RepositoryName known = image.name().first().contains(".") ? image.name() : USUAL;
    members.add(new Member(image.name() + "@" + digest, known + "@" + digest, ""));
    for (Digest single : singles(image.name(), digest)) {
      for (ImageReferences.Component component : payload(release, single).references().components()) {
        members.add(new Member(place(image.name(), component.image()), component.image().toString(),
            component.name()));
      }
    }
    return List.copyOf(members);
  }

  /** Where a digest or a tag has no name with it: under the usual one, or wherever it is. */
  private ImageName find(String release) throws IOException {
    boolean isDigest = release.startsWith("sha256:");
    if (!isDigest && (release.contains("/") || release.contains(":"))) {
      return ImageName.parse(release);
    }
    String end = (isDigest ? "@" : ":") + release;
    ImageName usual = ImageName.parse(USUAL + end);
    if (digest(usual).isPresent()) {
      return usual;
    }
    try (Stream<RepositoryName> names = content.repositories().after("")) {
      for (RepositoryName name : (Iterable<RepositoryName>) names::iterator) {
        ImageName other = ImageName.parse(name + end);
        if (digest(other).isPresent()) {
          return other;
        }
      }
    }
    return usual;
  }

  private Optional<Digest> digest(ImageName image) throws IOException {
    if (image.reference().isEmpty()) {
      return Optional.empty();
    }
    Optional<Digest> digest = switch (image.reference().get()) {
      case Tag tag -> content.tags().resolve(image.name(), tag);
      case Digest known -> Optional.of(known);
    };
    return digest.isPresent() && content.manifests().has(image.name(), digest.get()) ? digest : Optional.empty();
  }

  /** Itself, or of a release for several architectures those that are here. */
  private List<Digest> singles(RepositoryName name, Digest release) throws IOException {
    List<Descriptor> children = document(release).manifests();
    if (children.isEmpty()) {
      return List.of(release);
    }
    List<Digest> here = new ArrayList<>();
    for (Descriptor child : children) {
      if (content.manifests().has(name, child.digest())) {
        here.add(child.digest());
      }
    }
    return here;
  }

  private ManifestDocument document(Digest manifest) throws IOException {
    return content.inventory().document(manifest)
        .orElseThrow(() -> new IOException("the manifest " + manifest + " of the release is damaged or not here"));
  }

  /** The last layer has the list; where something was added on top, one below it. */
  private ReleasePayload payload(String release, Digest image) throws IOException {
    List<Descriptor> blobs = document(image).blobs();
    IOException first = new IOException("its image has no layers");
    for (int i = blobs.size() - 1; i > 0; i--) {
      try {
        return payload(image, blobs.get(i).digest());
      } catch (IOException e) {
        first = i == blobs.size() - 1 ? e : first;
      }
    }
    throw new IOException(release + " cannot be read as a release: " + first.getMessage(), first);
  }

  private ReleasePayload payload(Digest image, Digest layer) throws IOException {
    try (StoredObject blob = content.blobs().open(layer).orElseThrow(
        () -> new IOException("the list of the release's images is not here: layer " + layer + " of " + image));
        InputStream bytes = new BufferedInputStream(blob.read())) {
      return ReleasePayload.read(bytes);
    }
  }

  /** By its own name, or beside the release, where {@code oc adm release mirror} puts it. */
  private String place(RepositoryName release, PullSpec image) throws IOException {
    Digest digest = image.digest().orElseThrow();
    RepositoryName own = RepositoryName.parse(image.source().replace(":", "-"));
    boolean isBeside = !content.manifests().has(own, digest) && content.manifests().has(release, digest);
    return (isBeside ? release : own) + "@" + digest;
  }
}
