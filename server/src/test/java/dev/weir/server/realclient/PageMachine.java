package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.server.ocreplay.SyntheticRelease.Shape;
import dev.weir.server.precache.SignatureStore;
import dev.weir.server.precache.TestKey;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.upstream.ScriptedRegistry;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A machine as the pages have it: weir runs, upstream has the images and releases that they name, and what they say is typed into
 * bash as it stands, but for where weir listens and where files lie, which is below a directory of the test's own. {@code oc} is
 * a stand-in that hands over what a cluster has.
 */
final class PageMachine implements AutoCloseable {
  private static final String RELEASE = "openshift-release-dev/ocp-release";
  private static final String COMPONENTS = "openshift-release-dev/ocp-v4.0-art-dev";
  private static final Shape SHAPE = new Shape(5, 9, 4096);
  private static final Pattern HERE = Pattern.compile("(?:localhost|weir\\.example\\.com|mirror\\.example\\.com):5000");
  private static final Pattern FOLDER = Pattern.compile("(?<![\\w/.-])/(?=(?:mnt|srv|etc|var)/)");

  /** What {@code oc} does there. */
  private static final String CLUSTER = """
      case "$*" in
        *-o\\ jsonpath=*dockerconfigjson*) printf '{"auths": {"quay.io": {"auth": "dTpw"}}}' | base64 ;;
        get\\ secret/pull-secret*) cat <<'YAML'
      apiVersion: v1
      kind: Secret
      metadata: {name: pull-secret, namespace: openshift-config}
      type: kubernetes.io/dockerconfigjson
      data:
        .dockerconfigjson: eyJhdXRocyI6IHsicXVheS5pbyI6IHsiYXV0aCI6ICJkVHB3In19fQ==
      YAML
        ;;
        get\\ image.config.openshift.io/cluster*) cat <<'YAML'
      apiVersion: config.openshift.io/v1
      kind: Image
      metadata: {name: cluster}
      spec:
        additionalTrustedCA:
          name: NAME
      YAML
        ;;
        get*imagestreamtag-to-image*) cat <<'YAML'
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: imagestreamtag-to-image, namespace: openshift-cluster-samples-operator}
      data:
        ubi9_latest: registry.redhat.io/ubi9/ubi:latest
      YAML
        ;;
        get\\ configmap\\ NAME*) cat <<'YAML'
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: NAME, namespace: openshift-config}
      data:
        other.example.com: |
          -----BEGIN CERTIFICATE-----
          MIIB
          -----END CERTIFICATE-----
      YAML
        ;;
        apply\\ -f\\ -) grep -q '^apiVersion' ;;
        *) echo "oc: there is no cluster here for: $*" >&2; exit 1 ;;
      esac""";

  private final Path directory;
  private final ClientHome home;
  private final ScriptedRegistry upstream = ScriptedRegistry.plain();
  private final SignatureStore signatures = new SignatureStore();
  private final TestImage app;
  private final String scheme;
  private final WeirProcess weir;

  /** @param program by which weir's commands are run */
  PageMachine(Path directory, List<String> program, boolean tls) throws IOException {
    this.directory = directory;
    this.scheme = tls ? "https" : "http";
    this.home = ClientHome.in(directory.resolve("home"));
    TestImages made = new TestImages(Files.createDirectories(directory.resolve("made")));
    app = made.multiArch("team/app", "v1");
    TestKey key = TestKey.create();
    fill(made, key);
    lay(program);
    weir = start(tls, """
        upstreams: {quay.io: {remoteurl: '%1$s'}, registry.redhat.io: {remoteurl: '%1$s'}}
        aliases: {ocp4/openshift4: [quay.io/%2$s, quay.io/%3$s]}
        certs: {path: '%4$s/certs'}
        release: {keys: ['%5$s'], signatures: ['%6$s']}
        """.formatted(upstream.uri(), RELEASE, COMPONENTS, directory, key.writeTo(directory.resolve("key.asc")),
        signatures.uri()));
  }

  private WeirProcess start(boolean tls, String sections) {
    Path data = directory.resolve("data");
    return tls
        ? WeirProcess.startTls(directory, data, "{auto: true}", sections,
            () -> TestCertificates.clientTrusting(directory.resolve("certs/ca.crt")))
        : WeirProcess.start(directory, data, sections);
  }

  private void fill(TestImages made, TestKey key) throws IOException {
    publish("team/app", "v1", app);
    publish("ubi9/ubi", "latest", app);
    publish("podman/hello", "latest", made.dockerSchema2("podman/hello", "latest"));
    for (String version : List.of("4.16.17", "4.16.18")) {
      SyntheticRelease release = SyntheticRelease.of(version, SHAPE, version.hashCode());
      for (SyntheticImage image : release.components()) {
        publish(COMPONENTS, image);
      }
      publish(RELEASE, release.image());
      String tag = version + "-x86_64";
      upstream.tag(RELEASE, tag, release.image().digest());
      signatures.put(release.image().digest(), 1, key.sign(TestKey.Signing.of(release.image().digest().toString(),
          "quay.io/" + RELEASE + ":" + tag)));
    }
  }

  private void publish(String repository, SyntheticImage image) throws IOException {
    for (SyntheticBlob blob : image.blobs()) {
      try (var content = blob.content().get()) {
        upstream.addBlob(repository, content.readAllBytes());
      }
    }
    upstream.addManifest(repository, SyntheticImage.MEDIA_TYPE, new String(image.manifest(), UTF_8));
  }

  private void publish(String repository, String tag, TestImage image) throws IOException {
    for (TestBlob blob : image.blobs()) {
      upstream.addBlob(repository, Files.readAllBytes(blob.file()));
    }
    Stream.concat(image.children().stream(), Stream.of(image.top()))
        .forEach(each -> upstream.addManifest(repository, each.mediaType(), each.json()));
    upstream.tag(repository, tag, image.digest());
  }

  /** Programs, and what people have written before. */
  private void lay(List<String> program) throws IOException {
    Files.createDirectories(desk());
    for (String folder : List.of("mnt/usb", "srv/carried", "etc/weir", "etc/containers", "var/imageregistry")) {
      Files.createDirectories(directory.resolve(folder));
    }
    String weir = "exec " + String.join(" ", program).replace("-Dweir.home=..", "-Dweir.home=" + PageCommands.ROOT)
        + " \"$@\"";
    script(desk().resolve("bin/weir"), weir);
    script(directory.resolve("programs/weir"), weir);
    program(Podman.PROGRAM, String.join(" ", home.storageFlags()) + " --tmpdir " + home.temporary());
    program(Skopeo.PROGRAM, "--policy " + home.policy());
    Path policy = home.directory().resolve(".config/containers/policy.json");
    Files.createDirectories(policy.getParent());
    Files.copy(home.policy(), policy);
    script(directory.resolve("programs/oc"), CLUSTER);
    Files.writeString(desk().resolve("password"), "open sesame\n");
    Files.writeString(desk().resolve("ocp-images.txt"), "quay.io/team/app:v1\n");
    Files.writeString(desk().resolve("mapping.txt"), "registry.redhat.io/ubi9/ubi:latest=here/ubi9/ubi:latest\n");
    Files.writeString(desk().resolve("pull-secret.json"), "{\"auths\": {\"quay.io\": {\"auth\": \"dTpw\"}}}");
    Files.writeString(desk().resolve("imageset.yaml"), """
        kind: ImageSetConfiguration
        apiVersion: mirror.openshift.io/v2alpha1
        mirror: {additionalImages: [{name: "quay.io/team/app:v1"}]}
        """);
  }

  /** The real one, with options of the test's own. */
  private void program(String name, String options) throws IOException {
    String real = Stream.of(System.getenv("PATH").split(":")).map(each -> Path.of(each, name))
        .filter(Files::isExecutable).findFirst().orElseThrow().toString();
    script(directory.resolve("programs").resolve(name), "exec " + real + " " + options + " \"$@\"");
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Where the person sits. */
  private Path desk() {
    return directory.resolve("desk");
  }

  /** Brings an image under this name into podman's storage. */
  static String image(String name) {
    return "podman pull -q --tls-verify=false localhost:5000/quay.io/podman/hello && "
        + "podman tag localhost:5000/quay.io/podman/hello " + name;
  }

  Outcome run(String command, String typed) throws IOException {
    Path input = Files.writeString(directory.resolve("typed"), typed);
    Map<String, String> environment = new HashMap<>(home.environment());
    environment.put("PATH", directory.resolve("programs") + ":" + System.getenv("PATH"));
    environment.put("REGISTRY_CONFIGURATION_PATH", directory.resolve("weir.yml").toString());
    environment.put("REGISTRY_HTTP_HOST", scheme + "://" + weir.hostAndPort());
    return new Command(List.of("bash", "-euo", "pipefail", "-c"), environment, Duration.ofMinutes(2)).run(
        "cd " + desk() + "; exec <" + input + "\n" + here(command));
  }

  private String here(String command) {
    String named = HERE.matcher(command).replaceAll(weir.hostAndPort()).replace("@sha256:…", "@" + app.digest())
        .replace(" [CONFIG]", "");
    return FOLDER.matcher(named).replaceAll(Matcher.quoteReplacement(directory + "/"));
  }

  @Override
  public void close() {
    weir.close();
    upstream.close();
    signatures.close();
  }
}
