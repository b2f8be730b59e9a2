package dev.weir.server.precache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.weir.server.ocreplay.Ustar;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A release of three components on a mock quay, of which each part can be made wrong. */
final class TinyRelease {
  static final String REPOSITORY = "openshift-release-dev/ocp-release";
  static final String COMPONENTS = "openshift-release-dev/ocp-v4.0-art-dev";
  static final List<String> NAMES = List.of("cli", "etcd", "ironic-static-ip-manager");

  final ScriptedRegistry quay;
  final String version;
  final Map<String, Digest> components = new LinkedHashMap<>();
  final Digest digest;

  /** @param extra further files of the payload, by name */
  private TinyRelease(ScriptedRegistry quay, String version, String absent, Map<String, String> extra,
      String architecture) {
    this.quay = quay;
    this.version = version;
    List<String> tags = new ArrayList<>();
    for (String name : NAMES) {
      Digest image = name.equals(absent)
          ? Digest.sha256("nobody has this".getBytes(UTF_8))
          : quay.addImage(COMPONENTS, version + name + architecture,
              ("config of " + name + architecture).getBytes(UTF_8),
              PrecacheTest.bytes(name.hashCode(), 10_000));
      components.put(name, image);
      tags.add(
          "{\"name\": \"" + name + "\", \"from\": {\"kind\": \"DockerImage\", \"name\": \"quay.io/" + COMPONENTS + "@"
              + image + "\"}}");
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    extra.forEach((name, text) -> files.put(name, text.getBytes(UTF_8)));
    files.put("release-manifests/image-references", ("{\"kind\": \"ImageStream\", \"metadata\": {\"name\": \"" + version
        + "\"}, \"spec\": {\"tags\": [" + String.join(",", tags) + "]}}").getBytes(UTF_8));
    this.digest = quay.addImage(REPOSITORY, tag(), ("config of " + version + extra + architecture).getBytes(UTF_8),
        PrecacheTest.bytes(version.hashCode(), 5_000), Ustar.gzip(Ustar.archive(files)));
  }

  static TinyRelease on(ScriptedRegistry quay, String version) {
    return new TinyRelease(quay, version, "", Map.of(), "");
  }

  /** With other images than those for other architectures. */
  static TinyRelease builtFor(ScriptedRegistry quay, String version, String architecture) {
    return new TinyRelease(quay, version, "", Map.of(), architecture);
  }

  static TinyRelease lacking(ScriptedRegistry quay, String version, String component) {
    return new TinyRelease(quay, version, component, Map.of(), "");
  }

  static TinyRelease with(ScriptedRegistry quay, String version, String file, String content) {
    return new TinyRelease(quay, version, "", Map.of(file, content), "");
  }

  Digest component(String name) {
    return Objects.requireNonNull(components.get(name));
  }

  String tag() {
    return version + "-x86_64";
  }

  /** As a person asks for it. */
  String name() {
    return "quay.io/" + REPOSITORY + ":" + tag();
  }

  TestKey.Signing signing() {
    return TestKey.Signing.of(digest.toString(), name());
  }
}
