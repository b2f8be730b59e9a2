package dev.weir.server.precache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.Referrer;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.Reference;
import dev.weir.storage.Tag;

/**
 * Finds out what images need: fetches their manifests, of an index those of the wanted platforms, and those of signatures,
 * attestations and whatever refers to them, by asking our own registry as a client would. Thread-safe.
 */
final class Planner {
  /** Where cosign puts what it says of an image. */
  private static final List<String> ATTACHED = List.of("sig", "att");
  /** Indexes within indexes. */
  private static final int DEEPEST = 4;
  /** Manifests that others name, of one image. */
  private static final int MOST_MANIFESTS = 1_000;
  /** In bytes, of a blob: what claims to be larger is no layer. */
  private static final long LARGEST_BLOB = 1L << 44;

  private final Registry registry;
  private final Insistence insistence;
  private final Platforms platforms;

  Planner(Registry registry, Insistence insistence, Platforms platforms) {
    this.registry = registry;
    this.insistence = insistence;
    this.platforms = platforms;
  }

  /** What an image needs, or why it cannot be had. */
  Planned plan(Wanted wanted) {
    Inquiry inquiry = new Inquiry(wanted);
    inquiry.run();
    return inquiry.planned();
  }

  Manifest manifest(Wanted wanted) throws IOException {
    return insistence.answer(wanted.name().first(), 0, () -> registry.manifest(wanted.name(), wanted.reference()));
  }

  /** Of one image. For one thread. */
  private final class Inquiry {
    private final Wanted wanted;
    private final Map<Digest, Part> parts = new LinkedHashMap<>();
    private final Set<Digest> roots = new LinkedHashSet<>();
    private final Set<Digest> seen = new HashSet<>();
    private final List<Report.Missing> missing = new ArrayList<>();
    private @Nullable Digest root;
    private int named;

    Inquiry(Wanted wanted) {
      this.wanted = wanted;
    }

    Planned planned() {
      return new Planned(wanted, Optional.ofNullable(root), List.copyOf(roots), seen, List.copyOf(parts.values()),
          missing);
    }

    void run() {
      find(wanted.reference(), false).ifPresent(manifest -> {
        root = manifest.digest();
        roots.add(manifest.digest());
        take(manifest, 1);
      });
    }

    /** @param mayBeAbsent nobody misses it */
    private Optional<Manifest> find(Reference reference, boolean mayBeAbsent) {
      try {
        return Optional
            .of(insistence.answer(wanted.name().first(), 0, () -> registry.manifest(wanted.name(), reference)));
      } catch (IOException | RuntimeException e) {
        if (!mayBeAbsent || !(e instanceof IOException failure && Outlook.isAbsence(failure))) {
          misses(reference.toString(), e);
        }
        return Optional.empty();
      }
    }

    private void misses(String what, Exception why) {
      missing.add(new Report.Missing(wanted.asked(), what, String.valueOf(why.getMessage())));
    }

    private void take(Manifest manifest, int depth) {
      if (!seen.add(manifest.digest())) {
        return;
      }
      try {
        ManifestDocument document = ManifestDocument.parse(manifest.content());
        for (Descriptor blob : document.blobs()) {
          part(blob);
        }
        if (!document.manifests().isEmpty()) {
          children(manifest, depth);
        }
        attached(manifest.digest());
      } catch (IOException | RuntimeException e) {
        misses(manifest.digest().toString(), e);
      }
    }

    private void part(Descriptor blob) throws IOException {
      if (!parts.containsKey(blob.digest())) {
        if (blob.size() > LARGEST_BLOB) {
          throw new IOException(blob.digest() + " cannot be of " + blob.size() + " bytes, as its manifest says");
        }
        long size = blob.size() >= 0
            ? blob.size()
            : insistence.answer(wanted.name().first(), 0, () -> registry.blobSize(wanted.name(), blob.digest()));
        parts.put(blob.digest(), new Part(wanted.name(), blob.digest(), size));
      }
    }

    private void children(Manifest index, int depth) throws IOException {
      List<Digest> chosen = platforms.of(index.content());
      if (chosen.isEmpty()) {
        missing.add(new Report.Missing(wanted.asked(), index.digest().toString(),
            "it has none of " + String.join(", ", platforms.wanted()) + ", only " + Platforms.in(index.content())));
      }
      if (depth == DEEPEST) {
        throw new IOException("it is an index within so many others, " + depth + " in all, that it cannot be honest");
      }
      requireFew(chosen.size(), "its indexes name");
      for (Digest child : chosen) {
        find(child, false).ifPresent(manifest -> take(manifest, depth + 1));
      }
    }

    private void requireFew(int more, String who) throws IOException {
      if (more > MOST_MANIFESTS - named) {
        throw new IOException(who + " " + more + " manifests, which are more than the " + MOST_MANIFESTS
            + " that are fetched of one image");
      }
      named += more;
    }

    private void attached(Digest subject) throws IOException {
      for (String kind : ATTACHED) {
        take(Tag.parse(subject.algorithm() + "-" + subject.hex() + "." + kind));
      }
      List<Digest> referrers = referrers(subject);
      requireFew(referrers.size(), "it is referred to by");
      for (Digest referrer : referrers) {
        take(referrer);
      }
    }

    /** What is attached, without what is attached to that. */
    private void take(Reference attachment) throws IOException {
      Optional<Manifest> found = find(attachment, true);
      if (found.isPresent() && seen.add(found.get().digest())) {
        roots.add(found.get().digest());
        for (Descriptor blob : ManifestDocument.parse(found.get().content()).blobs()) {
          part(blob);
        }
      }
    }

    private List<Digest> referrers(Digest subject) throws IOException {
      try {
        return insistence.answer(wanted.name().first(), 0, () -> registry.referrers(wanted.name(), subject)).stream()
            .map(Referrer::descriptor)
            .map(Descriptor::digest).toList();
      } catch (IOException e) {
        if (Outlook.isAbsence(e)) {
          return List.of();
        }
        throw e;
      }
    }
  }
}
