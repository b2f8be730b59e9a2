package dev.weir.server.realclient;

/** Ways in which registries.conf says that digests, and only digests, come from a mirror. */
enum RegistriesConf {
  /** What OpenShift's machine-config operator writes today. */
  PULL_FROM_MIRROR("", "pull-from-mirror = \"digest-only\""),
  /** What it wrote before. */
  MIRROR_BY_DIGEST_ONLY("mirror-by-digest-only = true", "");

  /** The registry that is mirrored: no such host exists, and it is blocked besides. */
  static final String SOURCE = "images.example.test";

  private final String ofRegistry;
  private final String ofMirror;

  RegistriesConf(String ofRegistry, String ofMirror) {
    this.ofRegistry = ofRegistry;
    this.ofMirror = ofMirror;
  }

  /** @param mirror host, port and path that stand for {@link #SOURCE} */
  String toml(String mirror) {
    return """
        [[registry]]
        prefix = "%1$s"
        location = "%1$s"
        blocked = true
        %2$s
        [[registry.mirror]]
        location = "%3$s"
        insecure = true
        %4$s
        """.formatted(SOURCE, ofRegistry, mirror, ofMirror);
  }
}
