package dev.weir.server.precache;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.Tag;

/**
 * Looks whether a release image is signed by whom a person trusts: first by the signatures that are kept, then by those that
 * the stores have. Thread-safe.
 */
final class SignatureCheck {
  private static final int LARGEST = 50 << 10;
  private static final Pattern ARCHITECTURE = Pattern
      .compile("(?:-(?:x86_64|amd64|aarch64|arm64|ppc64le|s390x|multi))+$");
  private static final Pattern LAST_ARCHITECTURE = Pattern
      .compile("-(x86_64|amd64|aarch64|arm64|ppc64le|s390x|multi)$");
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\..*");

  private final ReleaseKeys keys;
  private final List<URI> stores;
  private final WebFile web;
  private final ReleaseSignatures kept;
  private final InstantSource clock;

  /** Gets a file. */
  @FunctionalInterface
  interface WebFile {
    /** Empty: its server says that there is none. */
    Optional<byte[]> get(URI address, int most) throws IOException;
  }

  /** @param stores asked in turn, until one has a good signature */
  SignatureCheck(ReleaseKeys keys, List<URI> stores, WebFile web, ReleaseSignatures kept, InstantSource clock) {
    this.keys = keys;
    this.stores = List.copyOf(stores);
    this.web = web;
    this.kept = kept;
    this.clock = clock;
  }

  /** What was found so far. */
  private static final class Findings {
    private final List<String> reasons = new ArrayList<>();
    private final List<byte[]> good = new ArrayList<>();
    private Optional<SignedRelease> signed = Optional.empty();
    private Optional<IOException> trouble = Optional.empty();
  }

  /**
   * What was signed by whom we trust, of this release.
   *
   * @param asked by which the release was asked for
   * @throws IOException if there is nothing; conclusive if it is a {@link RegistryException}
   */
  SignedRelease find(String name, Reference asked, Digest release) throws IOException {
    KeyRing ring;
    try {
      ring = keys.read();
    } catch (IOException e) {
      throw new RegistryException(ErrorCode.DENIED, String.valueOf(e.getMessage()), e);
    }
    Findings findings = new Findings();
    for (byte[] message : kept.of(release)) {
      look("the signature that is kept", message, ring, asked, release, findings);
    }
    if (findings.good.isEmpty()) {
      findings.reasons.clear();
      askStores(ring, asked, release, findings);
    }
    return findings.signed.orElseThrow(() -> refusal(name, findings));
  }

  private void askStores(KeyRing ring, Reference asked, Digest release, Findings findings)
      throws IOException {
    for (URI store : stores) {
      try {
        ask(store, ring, asked, release, findings);
      } catch (IOException e) {
        findings.reasons.add(String.valueOf(e.getMessage()));
        findings.trouble = Outlook.of(e) == Outlook.FINAL ? findings.trouble : Optional.of(e);
      } catch (RuntimeException e) {
        findings.reasons.add(store + " cannot be asked: " + e);
      }
      if (!findings.good.isEmpty()) {
        kept.keep(release, findings.good);
        return;
      }
    }
  }

  private void ask(URI store, KeyRing ring, Reference asked, Digest release, Findings findings)
      throws IOException {
    String base = store.toString().endsWith("/") ? store.toString() : store + "/";
    for (int number = 1; number <= ReleaseSignatures.MOST; number++) {
      URI address = URI.create(base + ReleaseSignatures.path(release, number));
      Optional<byte[]> message = web.get(address, LARGEST);
      if (message.isEmpty()) {
        if (number == 1) {
          findings.reasons.add(store + " has none");
        }
        return;
      }
      look("signature-" + number + " of " + store, message.get(), ring, asked, release, findings);
    }
  }

  private void look(String what, byte[] message, KeyRing ring, Reference asked, Digest release,
      Findings findings) {
    try {
      SignedRelease signed = SignedRelease.check(message, ring, clock.instant());
      requireSame(signed, asked, release);
      findings.good.add(message);
      findings.signed = Optional.of(signed);
    } catch (IOException e) {
      findings.reasons.add(what + " " + e.getMessage());
    }
  }

  private static void requireSame(SignedRelease signed, Reference asked, Digest release) throws IOException {
    if (!signed.digest().equals(release.toString())) {
      throw new IOException("is one of " + signed.digest() + ", and not of " + release);
    }
    Optional<String> version = versionOf(signed);
    if (asked instanceof Tag tag && isVersion(tag.value()) && version.isPresent()
        && !version.get().equals(version(tag))) {
      throw new IOException("is one of version " + version.get() + ", and not of " + version(tag));
    }
    Optional<String> wanted = asked instanceof Tag tag ? architecture(tag) : Optional.empty();
    Optional<String> signedFor = tagOf(signed).flatMap(SignatureCheck::architecture);
    if (wanted.isPresent() && signedFor.isPresent() && !wanted.equals(signedFor)) {
      throw new IOException("is one for " + signedFor.get() + ", and not for " + wanted.get());
    }
  }

  /** By one name, where it has two; empty: the tag names none. */
  private static Optional<String> architecture(Tag tag) {
    Matcher last = LAST_ARCHITECTURE.matcher(tag.value());
    return isVersion(tag.value()) && last.find() ? Optional.of(switch (last.group(1)) {
      case "amd64" -> "x86_64";
      case "arm64" -> "aarch64";
      default -> last.group(1);
    }) : Optional.empty();
  }

  /** The version that a tag stands for; a tag as {@code latest} stands for itself. */
  static String version(Tag tag) {
    return ARCHITECTURE.matcher(tag.value()).replaceFirst("");
  }

  static boolean isVersion(String tag) {
    return VERSION.matcher(tag).matches();
  }

  /** The version that was signed; empty: it was signed under another name. */
  static Optional<String> versionOf(SignedRelease signed) {
    return tagOf(signed).map(SignatureCheck::version);
  }

  /** The tag, with a version, under which it was signed; whoever signed it may call it anything. */
  static Optional<Tag> tagOf(SignedRelease signed) {
    String reference = signed.reference();
    int colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
    return colon < 0 || reference.indexOf('@') >= 0
        ? Optional.empty()
        : Tag.parsed(reference.substring(colon + 1)).filter(tag -> isVersion(tag.value()));
  }

  /** Where a store did not answer, it may have what the others lack. */
  private static IOException refusal(String name, Findings findings) {
    String sentence = "the release " + name + " has no signature that can be trusted: "
        + (findings.reasons.isEmpty() ? "no store of signatures is configured" : String.join("; ", findings.reasons));
    return findings.trouble.isPresent()
        ? new IOException(sentence, findings.trouble.get())
        : new RegistryException(ErrorCode.DENIED, sentence);
  }
}
