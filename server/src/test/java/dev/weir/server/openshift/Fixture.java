package dev.weir.server.openshift;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.weir.server.release.PullSpec;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A weir at mirror.example.com:5000 that has everything, to be varied. */
final class Fixture {
  static final Digest RELEASE = Digest.sha256("release".getBytes(UTF_8));
  static final Certificates AUTHORITY = certificate("new");

  private Fixture() {}

  /** Reads as one, and is none. */
  static Certificates certificate(String content) {
    String base64 = Base64.getMimeEncoder(64, new byte[]{'\n'})
        .encodeToString((content + " ").repeat(20).getBytes(UTF_8));
    return new Certificates("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }

  static Site site(Transport transport, ClusterVersion version, boolean mirrorsOnly) {
    List<Source> sources = Sources.of(
        List.of(new Sources.Upstream("quay.io", "quay.io"),
            new Sources.Upstream("registry.redhat.io", "registry.redhat.io"),
            new Sources.Upstream("docker.io", "registry-1.docker.io"),
            new Sources.Upstream("hub", "registry.example.net:5999")),
        List.of(new Sources.Alias("ocp4/openshift4", "quay.io", "openshift-release-dev/ocp-release")),
        Optional.empty());
    return new Site(Door.parse("mirror.example.com", 5000), transport, sources, mirrorsOnly, version);
  }

  static Site site() {
    return site(new Transport.Authority(AUTHORITY), ClusterVersion.CURRENT, false);
  }

  static Inputs inputs(Site site) {
    SortedMap<Integer, byte[]> signatures = new TreeMap<>(Map.of(1, "one".getBytes(UTF_8), 2, "two".getBytes(UTF_8)));
    return new Inputs(site, Optional.of(new Login("cluster", "s3cret")),
        Optional.of(PullSecretFile.parse("{\"auths\": {\"quay.io\": {\"auth\": \"b64\", \"email\": \"e\"}}}")),
        Optional.of(ConfigMap.NONE), Optional.empty(),
        List.of(PullSpec.parse("registry.redhat.io/redhat/redhat-operator-index:v4.16"),
            PullSpec.parse("quay.io/org/index@" + RELEASE)),
        List.of(new ReleaseSignatures(RELEASE, signatures)), Optional.of(samples()),
        Set.of("registry.redhat.io/rhscl/ruby-25-rhel7:latest"),
        Optional.of(new UpdateService("openshift/graph-image:latest", "ocp4/openshift4")),
        Optional.of(new ImageRegistry("image-registry-storage", "100Gi")));
  }

  static Samples samples() {
    Map<String, String> images = new TreeMap<>();
    images.put("ruby_2.5", "registry.redhat.io/rhscl/ruby-25-rhel7:latest");
    images.put("ruby_2.6", "registry.redhat.io/rhscl/ruby-26-rhel7:latest");
    images.put("perl_5.26", "registry.redhat.io/rhscl/perl-526-rhel7:latest");
    images.put("cli_latest", "quay.io/openshift-release-dev/ocp-v4.0-art-dev@" + RELEASE);
    return new Samples(images);
  }
}
