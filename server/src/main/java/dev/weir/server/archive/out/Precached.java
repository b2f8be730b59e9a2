package dev.weir.server.archive.out;

import java.util.List;

/**
 * An image of a precaching folder.
 *
 * @param source its full name, by which a node asks for it and the lists name it
 * @param destination what stands right of it in mapping.txt
 * @param isEarly whether the discovery stage loads it, rather than the installed node
 */
public record Precached(Cargo.Image image, String source, String destination, boolean isEarly) {
  /** Of a release, what a node runs before it is installed, as factory-precaching-cli has it. */
  private static final List<String> EARLY = List.of("", "must-gather", "hyperkube", "cloud-credential-operator",
      "cluster-policy-controller", "pod", "cluster-config-operator", "cluster-etcd-operator",
      "cluster-kube-controller-manager-operator", "cluster-kube-scheduler-operator", "machine-config-operator", "etcd",
      "cluster-bootstrap", "cluster-ingress-operator", "cluster-kube-apiserver-operator");

  /**
   * A part of a release.
   *
   * @param component empty: the release image
   * @param tag of the release, such as {@code 4.16.17-x86_64}
   */
  public static Precached of(Cargo.Image image, String source, String component, String tag) {
    String destination = component.isEmpty()
        ? "openshift/release-images:" + tag
        : "openshift/release:" + tag + "-" + component;
    return new Precached(image, source, destination, EARLY.contains(component));
  }

  /**
   * Any other.
   *
   * @param registry host and port
   * @param path with {@code :TAG} or {@code @DIGEST}
   */
  public static Precached other(Cargo.Image image, String registry, String path) {
    int at = path.indexOf('@');
    String destination = at < 0
        ? path
        : path.substring(0, at) + ":" + image.digest().algorithm() + "-" + image.digest().hex();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return new Precached(image, registry + "/" + path, destination, last.startsWith("assisted-installer"));
  }
}
