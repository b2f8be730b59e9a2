package dev.weir.server.release;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * An image by its full name, as OpenShift writes it: {@code quay.io/openshift-release-dev/ocp-release:4.16.17-x86_64}.
 *
 * @param registry host, with a port where one is given
 * @param tag      says nothing where there is a digest
 */
public record PullSpec(String registry, RepositoryName repository, Optional<Tag> tag, Optional<Digest> digest) {
  private static final Pattern REGISTRY = Pattern
      .compile("[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:]+](?::[0-9]{1,5})?");

  /** @throws IllegalArgumentException if it is none; the message is a sentence */
  public static PullSpec parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !isRegistry(text.substring(0, slash))) {
      throw new IllegalArgumentException("'" + text + "' is no full image name: it begins with no registry's host");
    }
    int at = text.indexOf('@');
    String named = at < 0 ? text : text.substring(0, at);
    int colon = named.indexOf(':', Math.max(named.lastIndexOf('/'), slash));
    String path = named.substring(slash + 1, colon < 0 ? named.length() : colon);
    try {
      return new PullSpec(text.substring(0, slash).toLowerCase(Locale.ROOT), RepositoryName.parse(path),
          colon < 0 ? Optional.empty() : Optional.of(Tag.parse(named.substring(colon + 1))),
          at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no full image name: " + e.getMessage(), e);
    }
  }

  /** As docker tells a host from the first part of a path. */
  private static boolean isRegistry(String first) {
    return REGISTRY.matcher(first).matches()
        && (first.contains(".") || first.contains(":") || first.equals("localhost"));
  }

  /** What is to be asked for: the digest where there is one, else the tag. */
  public Optional<Reference> reference() {
    return digest.<Reference>map(known -> known).or(() -> tag);
  }

  /** Registry and repository. */
  public String source() {
    return registry + "/" + repository;
  }

  @Override
  public String toString() {
    return source() + tag.map(known -> ":" + known).orElse("") + digest.map(known -> "@" + known).orElse("");
  }
}
