package dev.weir.server.openshift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.weir.server.release.PullSpec;

/**
 * The image streams that the samples operator makes, as its ConfigMap {@code imagestreamtag-to-image} lists them.
 *
 * @param images full names by image stream and tag
 */
public record Samples(Map<String, String> images) {
  private static final String FILE = "60-samples.yaml";
  private static final String RED_HAT = "registry.redhat.io";

  public Samples {
    images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
  }

  /** The names here, as {@code NAME:TAG}, of those that come by weir, each with its image streams. */
  public Map<String, Set<String>> wanted(Site site) {
    Map<String, Set<String>> wanted = new TreeMap<>();
    images.forEach((key, image) -> place(site, image)
        .ifPresent(place -> wanted.computeIfAbsent(place, none -> new TreeSet<>()).add(stream(key))));
    return wanted;
  }

  /** The name of a stream has no underscore; that of a tag may have some. */
  private static String stream(String key) {
    return key.substring(0, Math.max(0, key.indexOf('_')));
  }

  /** The operator replaces Red Hat's registry alone, and what it names by digest is of the release. */
  private static Optional<String> place(Site site, String image) {
    try {
      PullSpec spec = PullSpec.parse(image);
      return spec.registry().equals(RED_HAT) && spec.digest().isEmpty()
          ? registry(site).flatMap(path -> spec.tag().map(tag -> path + "/" + spec.repository() + ":" + tag))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What stands here for Red Hat's registry, without the door. */
  private static Optional<String> registry(Site site) {
    return site.sources().stream().filter(source -> source.location().equals(RED_HAT)).findFirst()
        .map(source -> source.paths().getFirst());
  }

  /** Streams of which {@code held}, names here, has nothing. */
  private Set<String> skipped(Site site, Set<String> held) {
    Set<String> lacking = new TreeSet<>();
    Set<String> served = new TreeSet<>();
    wanted(site).forEach((place, streams) -> (held.contains(place) ? served : lacking).addAll(streams));
    lacking.removeAll(served);
    return lacking;
  }

  private List<String> missing(Site site, Set<String> held) {
    return new ArrayList<>(wanted(site).keySet().stream().filter(place -> !held.contains(place)).toList());
  }

  /** @throws IllegalArgumentException if weir mirrors nothing of Red Hat's registry */
  List<Emitted> emitted(Site site, Set<String> held) {
    String registry = registry(site).map(path -> site.door() + "/" + path)
        .orElseThrow(() -> new IllegalArgumentException(
            "weir has no upstream " + RED_HAT + ", which samples come from: add it to its upstreams"));
    Map<String, Object> config = Yaml.object("samples.operator.openshift.io/v1", "Config", Yaml.map("name", "cluster"));
    config.put("spec", Yaml.map("managementState", "Managed", "samplesRegistry", registry, "skippedImagestreams",
        List.copyOf(skipped(site, held))));
    List<String> missing = missing(site, held);
    return List
        .of(Emitted.open(FILE,
            Yaml.text(
                """
                    What: the samples' image streams are imported from %s; those of which weir has nothing are left out.
                    When: after 20-ca.yaml and 10-pull-secret.yaml where they are among these files.
                    How:  oc patch configs.samples.operator.openshift.io/cluster --type=merge --patch-file=%s
                    Note: %d of %d images are held. To have the others, and then these settings anew:
                          oc get configmap imagestreamtag-to-image -n openshift-cluster-samples-operator -o yaml | weir precache -f -
                    """
                    .formatted(registry, FILE, wanted(site).size() - missing.size(), wanted(site).size())
                    + String.join("", missing.stream().map(each -> "      not held: " + each + "\n").toList()),
                config)));
  }
}
