package dev.weir.server.upstream;

import java.util.Locale;
import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** {@code GET /v2/<name>/manifests/<reference>}, and everything that makes its answer a manifest. */
final class ManifestPuller {
  /** Twice what clients take. */
  private static final int LARGEST = 8 * 1024 * 1024;

  private final String upstream;
  private final Caller caller;
  private final boolean isMirror;

  ManifestPuller(String upstream, Caller caller, boolean isMirror) {
    this.upstream = upstream;
    this.caller = caller;
    this.isMirror = isMirror;
  }

  Manifest pull(RepositoryName repository, Reference reference) throws UpstreamException {
    String action = "pull manifest " + reference + " of " + repository + " from " + upstream;
    try (Reply reply = caller.call(Call.manifest(action, "GET", repository, reference))) {
      if (reply.isEncoded()) {
        throw UpstreamException.failed(action, "the answer is compressed, though nobody asked for that");
      }
      if (isMirror && reference instanceof Tag) {
        Failures.requireConfirmed(action, reply);
      }
      return read(action, reference, reply);
    }
  }

  private static Manifest read(String action, Reference reference, Reply reply) throws UpstreamException {
    byte[] content = reply.body().readAll(LARGEST);
    String type = mediaType(reply, document(action, content, reply));
    return new Manifest(type, verified(action, reference, type, reply, content), content);
  }

  private static ManifestDocument document(String action, byte[] content, Reply reply) throws UpstreamException {
    try {
      ManifestDocument document = ManifestDocument.parse(content);
      if (document.schemaVersion() == 0 && document.mediaType().equals(MediaTypes.OCI_MANIFEST)) {
        throw UpstreamException.failed(action, "the answer is JSON, but no manifest");
      }
      return document;
    } catch (IllegalArgumentException e) {
      throw new UpstreamException(UpstreamException.Kind.FAILED, action,
          "the answer is no manifest" + Text.inBrackets(reply.header("Content-Type").orElse("")), e);
    }
  }

  /** The header's where it means something; some servers say text/plain, or nothing. */
  private static String mediaType(Reply reply, ManifestDocument document) {
    String header = reply.header("Content-Type").orElse("").replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return MediaTypes.MANIFESTS.contains(header) ? header : document.mediaType();
  }

  /** Ours over the bytes; the one asked for, and the one the server states, have to agree with it. */
  private static Digest verified(String action, Reference reference, String type, Reply reply, byte[] content)
      throws UpstreamException {
    return switch (reference) {
      case Digest asked -> agreeing(action, asked, content);
      case Tag tag -> {
        // the digest that servers state for a signed schema 1 manifest leaves its signatures out
        Optional<Digest> stated = type.equals(MediaTypes.DOCKER_SCHEMA1_SIGNED)
            ? Optional.empty()
            : Digests.stated(reply);
        yield stated.isPresent() ? agreeing(action, stated.get(), content) : Digest.sha256(content);
      }
    };
  }

  private static Digest agreeing(String action, Digest expected, byte[] content) throws UpstreamException {
    Digest found = Digest.of(expected.algorithm(), content);
    if (!found.equals(expected)) {
      throw UpstreamException.failed(action,
          "digest mismatch after " + content.length + " bytes (expected " + expected + ", got " + found + ")");
    }
    return expected;
  }
}
