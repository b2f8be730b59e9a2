package dev.weir.server.precache;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * Reads images as clients name them, {@code quay.io/team/app:v1}, and says under which name this weir has them. Pure.
 *
 * @param upstreams names of upstreams, and the hosts that they stand for with or without a port, to the upstream's name
 * @param prefixes below which names are an upstream's, without a slash at their ends
 */
public record ImageNames(Map<String, String> upstreams, Set<String> prefixes) {
  private static final String TRANSPORT = "docker://";
  private static final String DOCKER = "docker.io";

  public ImageNames {
    upstreams = Map.copyOf(upstreams);
    prefixes = Set.copyOf(prefixes);
  }

  /**
   * Reads a line.
   *
   * @param line an image, or {@code SRC=DST}, of which DST counts if {@code tags}
   * @throws IllegalArgumentException if it is none, or of a host that is no upstream here; the message is a sentence
   */
  Wanted parse(String line, boolean tags) {
    int equals = line.indexOf('=');
    String source = equals < 0 ? line : line.substring(0, equals);
    Wanted wanted = image(source.strip());
    return equals < 0 || !tags ? wanted : wanted.also(List.of(place(line.substring(equals + 1).strip())));
  }

  private Wanted image(String text) {
    String plain = text.startsWith(TRANSPORT) ? text.substring(TRANSPORT.length()) : text;
    int at = plain.indexOf('@');
    String named = at < 0 ? plain : plain.substring(0, at);
    int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    try {
      Reference reference = at >= 0
          ? Digest.parse(plain.substring(at + 1))
          : Tag.parse(colon < 0 ? "latest" : named.substring(colon + 1));
      return new Wanted(text, "", here(colon < 0 ? named : named.substring(0, colon)), reference, List.of());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' cannot be asked for: " + e.getMessage(), e);
    }
  }

  /** The name of a repository here. */
  private RepositoryName here(String repository) {
    int slash = repository.indexOf('/');
    String first = slash < 0 ? "" : repository.substring(0, slash);
    if (!isHost(first)) {
      return RepositoryName.parse(repository);
    }
    String upstream = upstreams.get(first);
    if (upstream == null) {
      throw new IllegalArgumentException("no upstream here is called " + first + "; name it under upstreams in weir's"
          + " configuration");
    }
    String path = repository.substring(slash + 1);
    boolean isShort = first.equals(DOCKER) && path.indexOf('/') < 0;
    return RepositoryName.parse(upstream + "/" + (isShort ? "library/" : "") + path);
  }

  /**
   * A repository of ours, for names of our own.
   *
   * @throws IllegalArgumentException if it is an upstream's; the message is a sentence
   */
  RepositoryName own(String repository) {
    RepositoryName name = RepositoryName.parse(repository);
    if (upstreams.containsValue(name.first()) || upstreams.containsKey(name.first())) {
      throw new IllegalArgumentException(
          "names that begin with " + name.first() + "/ are that upstream's; choose another repository");
    }
    for (String prefix : prefixes) {
      if (repository.startsWith(prefix + "/")) {
        throw new IllegalArgumentException("names that begin with " + prefix + "/ are an upstream's, as aliases say;"
            + " choose another repository");
      }
    }
    return name;
  }

  /** As docker tells a host from the first part of a path. */
  private boolean isHost(String first) {
    return first.contains(".") || first.contains(":") || first.equals("localhost") || upstreams.containsKey(first);
  }

  /** A name here; a host before it, which is how clients reach this weir, says nothing. */
  private Wanted.Place place(String text) {
    String plain = text.startsWith(TRANSPORT) ? text.substring(TRANSPORT.length()) : text;
    int slash = plain.indexOf('/');
    String first = slash < 0 ? "" : plain.substring(0, slash);
    boolean isOurs = !upstreams.containsKey(first) && (first.contains(".") || first.contains(":"));
    String path = isOurs ? plain.substring(slash + 1) : plain;
    int colon = path.indexOf(':', path.lastIndexOf('/') + 1);
    try {
      return new Wanted.Place(own(colon < 0 ? path : path.substring(0, colon)),
          Tag.parse(colon < 0 ? "latest" : path.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no name with a tag: " + e.getMessage(), e);
    }
  }
}
