package dev.weir.server.keep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** Looks whether images are here, all of them and as they should be. Reads every byte once. For one thread, once. */
public final class Verification {
  private final Content content;
  private final Check check;
  private final Progress progress;
  private final Map<Digest, Verdict> seen = new HashMap<>();
  private final List<VerifyReport.Finding> missing = new ArrayList<>();
  private final List<VerifyReport.Finding> damaged = new ArrayList<>();
  private final List<VerifyReport.Finding> healed = new ArrayList<>();
  private final List<String> partial = new ArrayList<>();
  private final List<String> dangling = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final long expected;
  private long images;
  private long bytes;

  /** As {@link Damage#check}, or as {@link Rehash#of} where nothing is to be changed. */
  @FunctionalInterface
  public interface Check {
    Verdict of(Digest digest, Pace pace) throws IOException;
  }

  /** @param expected how many blobs there may be, for the progress; 0: not known */
  public Verification(Content content, Check check, long expected, Progress progress) {
    this.content = content;
    this.check = check;
    this.expected = expected;
    this.progress = progress;
  }

  /** @throws IllegalArgumentException if one is no name */
  public static void requireNames(List<String> names) {
    names.forEach(ImageName::parse);
  }

  /**
   * Looks at images.
   *
   * @param names as {@code NAME}, {@code NAME:TAG}, {@code NAME@DIGEST}; none: everything
   * @throws IllegalArgumentException if one is no name
   */
  public VerifyReport of(List<String> names) throws IOException {
    List<ImageName> asked = names.stream().map(ImageName::parse).toList();
    if (asked.isEmpty()) {
      try (Stream<RepositoryName> all = content.repositories().after("")) {
        for (RepositoryName name : (Iterable<RepositoryName>) all::iterator) {
          repository(name);
        }
      }
    }
    for (ImageName image : asked) {
      image(image);
    }
    return report(asked.isEmpty());
  }

  private VerifyReport report(boolean everything) throws IOException {
    List<String> incomplete = content.incomplete().all().stream().map(Object::toString)
        .filter(image -> everything || seen.containsKey(Digest.parse(image.substring(image.indexOf('@') + 1))))
        .toList();
    boolean intact = missing.isEmpty() && damaged.isEmpty() && unknown.isEmpty() && dangling.isEmpty();
    return new VerifyReport(images, seen.values().stream().filter(Verdict.Intact.class::isInstance).count(), bytes,
        missing, damaged, healed, partial, dangling, incomplete, unknown, intact && incomplete.isEmpty(),
        intact && incomplete.isEmpty());
  }

  private void image(ImageName image) throws IOException {
    if (image.reference().isEmpty()) {
      if (repository(image.name()) == 0) {
        unknown.add(image.name().value());
      }
      return;
    }
    Optional<Digest> digest = switch (image.reference().get()) {
      case Tag tag -> content.tags().resolve(image.name(), tag);
      case Digest asked -> Optional.of(asked);
    };
    if (digest.isEmpty() || !content.manifests().has(image.name(), digest.get())) {
      unknown.add(image.name() + " " + image.reference().get());
    } else {
      manifest(image.name(), digest.get());
    }
  }

  /** How many images it has. */
  private int repository(RepositoryName name) throws IOException {
    List<Inventory.Revision> revisions = content.inventory().revisions(name);
    for (Inventory.Revision revision : revisions) {
      manifest(name, revision.digest());
    }
    try (Stream<Tag> tags = content.tags().list(name, "")) {
      for (Tag tag : tags.toList()) {
        Optional<Digest> digest = content.tags().resolve(name, tag);
        if (digest.isPresent() && !content.manifests().has(name, digest.get())) {
          dangling.add(name + ":" + tag);
        }
      }
    }
    return revisions.size();
  }

  private void manifest(RepositoryName name, Digest digest) throws IOException {
    String image = name + "@" + digest;
    images++;
    look(digest, image);
    Optional<ManifestDocument> document = content.inventory().document(digest);
    if (document.isEmpty()) {
      return;
    }
    for (Descriptor blob : document.get().blobs()) {
      look(blob.digest(), image);
    }
    children(name, image, document.get().manifests());
  }

  /** Those that are held are looked at with the repository, or here where only this image was asked for. */
  private void children(RepositoryName name, String image, List<Descriptor> children) throws IOException {
    int here = 0;
    for (Descriptor child : children) {
      if (content.manifests().has(name, child.digest())) {
        here++;
        if (!seen.containsKey(child.digest())) {
          manifest(name, child.digest());
        }
      }
    }
    if (here == 0 && !children.isEmpty()) {
      missing.add(new VerifyReport.Finding(children.getFirst().digest().toString(), image,
          "none of the " + children.size() + " platforms is here"));
    } else if (here < children.size()) {
      partial.add(image + ": " + here + " of " + children.size() + " platforms are here");
    }
  }

  private void look(Digest digest, String image) throws IOException {
    if (seen.containsKey(digest)) {
      return;
    }
    if (progress.isStopping()) {
      throw new IOException("stopped after " + seen.size() + " blobs");
    }
    Verdict verdict = check.of(digest, Pace.unbounded(progress::isStopping));
    seen.put(digest, verdict);
    switch (verdict) {
      case Verdict.Intact(long size) -> bytes += size;
      case Verdict.Absent _ -> missing.add(new VerifyReport.Finding(digest.toString(), image, "not here"));
      case Verdict.Damaged(String reason, boolean isHealed) ->
        (isHealed ? healed : damaged).add(new VerifyReport.Finding(digest.toString(), image, reason));
    }
    progress.at(seen.size(), Math.max(expected, seen.size()), image);
  }
}
