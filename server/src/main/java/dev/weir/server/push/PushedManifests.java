package dev.weir.server.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.server.cache.Space;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.IncompleteImages.Image;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Manifests that people push, and take away again. What was pushed is owned: upstream never changes it, and nothing evicts
 * it. Thread-safe.
 */
public final class PushedManifests {
  /** What clients send when they have no idea, or their library sets one by itself. */
  private static final Set<String> SAYING_NOTHING = Set.of("", "application/json", "application/octet-stream",
      "text/plain",
      "application/x-www-form-urlencoded");

  private final Content content;
  private final Space space;
  private final Registry registry;
  private final Completion completion;
  private final Custody custody;

  public PushedManifests(Content content, Registry registry, Completion completion) {
    this(content, Space.UNBOUNDED, registry, completion, Custody.NONE);
  }

  /**
   * What people push.
   *
   * @param space that everything that comes has to find
   * @param custody told of what manifests name, and of what is deleted
   */
  public PushedManifests(Content content, Space space, Registry registry, Completion completion, Custody custody) {
    this.space = space;
    this.custody = custody;
    this.content = content;
    this.registry = registry;
    this.completion = completion;
  }

  /** What was stored, and what it refers to, if it is a referrer. */
  public record Pushed(Digest digest, Optional<Digest> subject) {}

  /**
   * Stores a manifest; it is durable when this returns. Children of an index may be absent. Blobs may be absent where
   * upstream has them: they are then fetched, whatever becomes of the client or of weir.
   *
   * @param statedType the request's {@code Content-Type}, without parameters; empty: none
   * @throws RegistryException MANIFEST_INVALID, DIGEST_INVALID, MANIFEST_BLOB_UNKNOWN
   */
  public Pushed put(RepositoryName name, Reference reference, String statedType, byte[] bytes) throws IOException {
    ManifestDocument document = parse(bytes);
    Digest digest = digest(reference, bytes);
    Manifest manifest = new Manifest(mediaType(document, statedType), digest, bytes);
    boolean isNew = !content.manifests().has(name, digest);
    claim(digest, document);
    requireBlobs(name, document);
    space.take(bytes.length);
    space.give(bytes.length);
    boolean complete = completion.isComplete(name, document);
    if (!complete) {
      completion.note(new Image(name, digest));
    }
    try {
      content.manifests().putOwned(name, manifest);
      claim(digest, document); // lets whoever takes one of them away just now come to an end
      if (complete && !completion.isComplete(name, document)) {
        lookAgain(new Image(name, digest), document, isNew);
      }
      if (reference instanceof Tag tag) {
        content.tags().setOwned(name, tag, digest);
      }
    } finally { // what could be stored of it is owned, and what became of nothing is struck off
      if (!complete) {
        completion.start(new Image(name, digest));
      }
    }
    return new Pushed(digest, document.subject().map(Descriptor::digest));
  }

  private void claim(Digest digest, ManifestDocument document) throws IOException {
    custody.claim(digest);
    for (Descriptor blob : document.blobs()) {
      custody.claim(blob.digest());
    }
    for (Descriptor child : document.manifests()) {
      custody.claim(child.digest());
    }
  }

  /** Somebody took away what was there when we looked: another program, or our own claim was too old by then. */
  private void lookAgain(Image image, ManifestDocument document, boolean isNew) throws IOException {
    try {
      requireBlobs(image.name(), document);
      completion.note(image);
      completion.start(image);
    } catch (RegistryException e) {
      if (isNew) {
        content.manifests().delete(image.name(), image.digest());
      }
      throw e;
    }
  }

  private static ManifestDocument parse(byte[] bytes) throws RegistryException {
    try {
      return ManifestDocument.parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.MANIFEST_INVALID, "manifest invalid: " + e.getMessage(), e);
    }
  }

  private static Digest digest(Reference reference, byte[] bytes) throws RegistryException {
    return switch (reference) {
      case Tag tag -> Digest.sha256(bytes);
      case Digest asked -> {
        Digest actual = Digest.of(asked.algorithm(), bytes);
        if (!actual.equals(asked)) {
          throw new RegistryException(ErrorCode.DIGEST_INVALID,
              "the manifest's digest is " + actual + ", not " + asked);
        }
        yield asked;
      }
    };
  }

  private static String mediaType(ManifestDocument document, String statedType) throws RegistryException {
    if (SAYING_NOTHING.contains(statedType.toLowerCase(Locale.ROOT))
        || document.mediaType().equalsIgnoreCase(statedType)) {
      return document.mediaType();
    }
    if (document.statesMediaType() || !ManifestDocument.isMediaType(statedType)) {
      throw new RegistryException(ErrorCode.MANIFEST_INVALID,
          "manifest invalid: sent as " + statedType + ", and says of itself that it is " + document.mediaType());
    }
    return statedType;
  }

  private void requireBlobs(RepositoryName name, ManifestDocument document) throws IOException {
    List<Digest> missing = new ArrayList<>();
    for (Digest blob : document.blobs().stream().map(Descriptor::digest).distinct().toList()) {
      if (!isDeliverable(name, blob)) {
        missing.add(blob);
      }
    }
    if (!missing.isEmpty()) {
      throw new RegistryException(ErrorCode.MANIFEST_BLOB_UNKNOWN,
          "blobs that the manifest names are unknown to " + name + ": " + missing);
    }
  }

  /** Here, or where this repository's upstream can give it. */
  private boolean isDeliverable(RepositoryName name, Digest blob) throws IOException {
    try {
      return registry.blobSize(name, blob) >= 0;
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.BLOB_UNKNOWN) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Takes a tag, or a manifest with every tag that points to it, out of the repository.
   *
   * @throws RegistryException MANIFEST_UNKNOWN if it is not held
   */
  public void delete(RepositoryName name, Reference reference) throws IOException {
    boolean was = switch (reference) {
      case Tag tag -> content.tags().delete(name, tag);
      case Digest digest -> deleteWithTags(name, digest);
    };
    if (!was) {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN,
          "manifest unknown: " + name + " does not hold " + reference);
    }
  }

  /** Tags first: one that dangles is worse than one that is gone. */
  private boolean deleteWithTags(RepositoryName name, Digest digest) throws IOException {
    List<Tag> tags;
    try (Stream<Tag> all = content.tags().list(name, "")) {
      tags = all.toList();
    }
    for (Tag tag : tags) {
      content.tags().deleteIfAt(name, tag, digest);
    }
    Optional<ManifestDocument> document = content.inventory().document(digest);
    content.incomplete().remove(new Image(name, digest));
    boolean was = content.manifests().delete(name, digest);
    custody.released(name, digest, document);
    return was;
  }

  /**
   * Takes a blob out of the repository.
   *
   * @throws RegistryException BLOB_UNKNOWN if it is not held
   */
  public void deleteBlob(RepositoryName name, Digest digest) throws IOException {
    if (!content.blobs().unlink(name, digest)) {
      throw new RegistryException(ErrorCode.BLOB_UNKNOWN, "blob unknown: " + name + " does not hold " + digest);
    }
    custody.released(name, digest);
  }
}
