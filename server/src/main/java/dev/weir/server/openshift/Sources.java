package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What to mirror: all that weir has for upstreams, and OpenShift's release repositories one by one. */
public final class Sources {
  /** The installer and assisted-service look for these by their whole names. */
  static final List<String> RELEASE = List.of("quay.io/openshift-release-dev/ocp-release",
      "quay.io/openshift-release-dev/ocp-v4.0-art-dev");

  private final Map<String, List<String>> found = new LinkedHashMap<>();

  private Sources() {}

  /**
   * An upstream of weir's.
   *
   * @param name     the first part of paths here
   * @param registry its host and port, as image names have it
   */
  public record Upstream(String name, String registry) {
    /** docker.io's images are named so, wherever they come from; {@code hub} is only a name of ours. */
    String location() {
      return name.contains(".") ? name : registry;
    }
  }

  /** A path of ours that stands for a repository of an upstream. */
  public record Alias(String path, String upstream, String repository) {}

  /**
   * The sources of a weir, the narrow before the wide.
   *
   * @param releasePath where the releases lie that somebody pushed here, as {@code oc adm release mirror} does
   */
  public static List<Source> of(List<Upstream> upstreams, List<Alias> aliases, Optional<String> releasePath) {
    Sources sources = new Sources();
    for (String release : RELEASE) {
      releasePath.ifPresent(path -> sources.add(release, path));
      upstreams.stream().filter(each -> release.startsWith(each.location() + "/"))
          .forEach(each -> sources.add(release, each.name() + release.substring(each.location().length())));
    }
    for (Alias alias : aliases) {
      upstreams.stream().filter(each -> each.name().equals(alias.upstream())).forEach(each -> {
        String location = each.location() + "/" + alias.repository();
        sources.add(location, each.name() + "/" + alias.repository());
        sources.add(location, alias.path());
      });
    }
    upstreams.forEach(each -> sources.add(each.location(), each.name()));
    List<Source> all = new ArrayList<>();
    sources.found.forEach((location, paths) -> all.add(new Source(location, paths)));
    return all;
  }

  private void add(String location, String path) {
    List<String> paths = found.computeIfAbsent(location, none -> new ArrayList<>());
    if (!paths.contains(path)) {
      paths.add(path);
    }
  }
}
