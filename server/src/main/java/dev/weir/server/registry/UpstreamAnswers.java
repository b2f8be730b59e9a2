package dev.weir.server.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.server.cache.DigestMismatch;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.Reference;
import dev.weir.storage.Tag;

/**
 * What a client hears of upstream's trouble: DESIGN.md §4, "Answers when upstream is in play". Pure.
 *
 * <p>401 is never among it: it would send clients looking for credentials at our own door.
 */
final class UpstreamAnswers {
  private static final Pattern SIGNATURE_TAG = Pattern.compile("sha\\d+-[0-9a-f]+\\.(sig|att|sbom)");
  private static final Duration DEFAULT_RETRY = Duration.ofSeconds(5);

  private UpstreamAnswers() {}

  /**
   * The answer for a manifest.
   *
   * @param mayBeLocal the repository holds pushes, or only the proxy places it: then upstream's refusal to say anything
   *     of it means no more than absence
   */
  static IOException manifest(IOException failure, Reference reference, boolean mayBeLocal) {
    boolean quietly = mayBeLocal || (reference instanceof Tag tag && isSignature(tag));
    return answer(failure, ErrorCode.MANIFEST_UNKNOWN, quietly);
  }

  /** Where signatures, attestations and bills of materials of an image lie by cosign's rule. */
  static boolean isSignature(Tag tag) {
    return SIGNATURE_TAG.matcher(tag.value()).matches();
  }

  /** Whether upstream would not say; only then does it matter whether the thing may be local. */
  static boolean isRefusal(IOException failure) {
    return upstreamPart(failure).filter(upstream -> upstream.kind() == UpstreamException.Kind.DENIED).isPresent();
  }

  static IOException blob(IOException failure) {
    return answer(failure, ErrorCode.BLOB_UNKNOWN, false);
  }

  /** @param asked whoever of these sent the bytes, if they turned out to be others than the digest says */
  static IOException blob(IOException failure, List<UpstreamRepository> asked) {
    return causes(failure).anyMatch(DigestMismatch.class::isInstance)
        ? RegistryException.badGateway(failure.getMessage() + " (from "
            + asked.stream().map(UpstreamRepository::label).collect(Collectors.joining(", ")) + ")", failure)
        : blob(failure);
  }

  static IOException tags(IOException failure) {
    return answer(failure, ErrorCode.NAME_UNKNOWN, false);
  }

  private static IOException answer(IOException failure, ErrorCode absent, boolean quietly) {
    Optional<UpstreamException> upstream = upstreamPart(failure);
    if (upstream.isEmpty()) {
      return failure;
    }
    String sentence = String.valueOf(upstream.get().getMessage());
    return switch (upstream.get().kind()) {
      case ABSENT -> new RegistryException(absent, sentence, failure);
      case DENIED -> quietly
          ? RegistryException.inconclusive(absent, sentence, failure)
          : new RegistryException(ErrorCode.DENIED, sentence, failure);
      case RATE_LIMITED ->
        RegistryException.tooManyRequests(sentence, upstream.get().retryAfter().orElse(DEFAULT_RETRY));
      case FAILED -> RegistryException.badGateway(sentence, failure);
      case TIMED_OUT -> RegistryException.gatewayTimeout(sentence, failure);
    };
  }

  /** A failure may have come by way of a download or a shared fetch, which keep it as a cause. */
  static Optional<UpstreamException> upstreamPart(Throwable failure) {
    return causes(failure).filter(UpstreamException.class::isInstance).map(UpstreamException.class::cast).findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
