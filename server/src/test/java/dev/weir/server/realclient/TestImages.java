package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.util.stream.Collectors.joining;

/** Makes images from nothing, the same bytes for the same arguments. */
final class TestImages {
  static final long LARGE = Long.getLong("weir.test.large-layer-bytes", 200L << 20);

  private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  private final Path directory;
  private long seed;

  TestImages(Path directory) {
    this.directory = directory;
  }

  /** The three images of every pull test: an index with attestations, a large layer, a docker schema 2 manifest. */
  static List<TestImage> three(Path directory) throws IOException {
    var images = new TestImages(directory);
    return List.of(images.multiArch("team/app", "1.0"), images.large("team/big", "2.0", LARGE),
        images.dockerSchema2("team/legacy", "3.0"));
  }

  /** An index of two platforms and, as BuildKit adds them, an attestation for each. */
  TestImage multiArch(String repository, String tag) throws IOException {
    var parts = new Parts();
    for (String architecture : List.of("amd64", "arm64")) {
      TestManifest image = parts.image(MediaTypes.OCI_MANIFEST, architecture, 40_000, 700);
      parts.attestationOf(image);
    }
    return parts.index(repository, tag, List.of());
  }

  /** An index whose registry holds only some of its children, as after a mirroring that was limited to two platforms. */
  TestImage sparse(String repository, String tag) throws IOException {
    var parts = new Parts();
    parts.image(MediaTypes.OCI_MANIFEST, "amd64", 3000);
    parts.image(MediaTypes.OCI_MANIFEST, "arm64", 3000);
    var elsewhere = new Parts();
    elsewhere.image(MediaTypes.OCI_MANIFEST, "s390x", 3000);
    elsewhere.image(MediaTypes.OCI_MANIFEST, "ppc64le", 3000);
    parts.blobs.addAll(elsewhere.blobs);
    return parts.index(repository, tag, elsewhere.manifests);
  }

  TestImage large(String repository, String tag, long layerSize) throws IOException {
    return single(repository, tag, MediaTypes.OCI_MANIFEST, layerSize);
  }

  TestImage dockerSchema2(String repository, String tag) throws IOException {
    return single(repository, tag, MediaTypes.DOCKER_MANIFEST, 100_000, 512, 1);
  }

  private TestImage single(String repository, String tag, String mediaType, long... layerSizes) throws IOException {
    var parts = new Parts();
    TestManifest manifest = parts.image(mediaType, "amd64", layerSizes);
    return new TestImage(repository, tag, manifest, List.of(), List.of(), parts.blobs);
  }

  /** What cosign pushes beside an image: a manifest under the tag {@code sha256-<hex>.sig}. */
  TestImage signatureOf(TestImage image) throws IOException {
    var parts = new Parts();
    TestBlob claim = blob("application/vnd.dev.cosign.simplesigning.v1+json", """
        {"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},\
        "type":"cosign container image signature"},"optional":null}""".formatted(image.repository(), image.digest()));
    TestManifest manifest = parts.manifest(MediaTypes.OCI_MANIFEST, "amd64", blob(OCI_CONFIG, config("", List.of())),
        List.of(claim));
    String tag = "sha256-" + image.digest().hex() + ".sig";
    return new TestImage(image.repository(), tag, manifest, List.of(), List.of(), parts.blobs);
  }

  private static String config(String architecture, List<Digest> diffIds) {
    String ids = diffIds.stream().map(id -> "\"" + id + "\"").collect(joining(", "));
    return """
        {"architecture": "%s", "os": "linux", "created": "2026-01-01T00:00:00Z", "config": {"Cmd": ["/payload"]},
         "rootfs": {"type": "layers", "diff_ids": [%s]}}
        """.formatted(architecture, ids);
  }

  private TestBlob blob(String mediaType, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("blob-" + seed++), text);
    return new TestBlob(new Descriptor(mediaType, Digest.sha256(Files.readAllBytes(file)), Files.size(file)), file);
  }

  /** The manifests and blobs of one image while it is being made. */
  private final class Parts {
    final List<TestManifest> manifests = new ArrayList<>();
    final List<TestBlob> blobs = new ArrayList<>();

    TestManifest image(String mediaType, String architecture, long... layerSizes) throws IOException {
      boolean docker = mediaType.equals(MediaTypes.DOCKER_MANIFEST);
      List<LayerTar> layers = new ArrayList<>();
      for (long size : layerSizes) {
        layers.add(LayerTar.write(directory, docker ? DOCKER_LAYER : OCI_LAYER, seed++, size));
      }
      List<Digest> diffIds = layers.stream().map(LayerTar::diffId).toList();
      TestBlob config = blob(docker ? DOCKER_CONFIG : OCI_CONFIG, config(architecture, diffIds));
      return manifest(mediaType, """
          {"architecture" : "%s",  "os" : "linux"}""".formatted(architecture), config, layers.stream().map(
          LayerTar::blob).toList());
    }

    void attestationOf(TestManifest image) throws IOException {
      TestBlob statement = blob("application/vnd.in-toto+json", """
          {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document",\
          "subject":[{"name":"image","digest":{"sha256":"%s"}}],"predicate":{}}""".formatted(image.digest().hex()));
      TestBlob config = blob(OCI_CONFIG, config("unknown", List.of(statement.digest())));
      manifest(MediaTypes.OCI_MANIFEST, """
          {"architecture" : "unknown",  "os" : "unknown"},
              "annotations" : {"vnd.docker.reference.digest" : "%s",
                               "vnd.docker.reference.type" : "attestation-manifest"}""".formatted(image.digest()),
          config,
          List.of(statement));
    }

    TestManifest manifest(String mediaType, String platform, TestBlob config, List<TestBlob> layers) {
      blobs.add(config);
      blobs.addAll(layers);
      String layerList = layers.stream().map(TestBlob::json).collect(joining(",\n     "));
      var manifest = new TestManifest(mediaType, platform, """
          {  "schemaVersion" : 2,
             "mediaType" : "%s",
             "config" : %s,
             "layers" : [
               %s ]
          }
          """.formatted(mediaType, config.json(), layerList));
      manifests.add(manifest);
      return manifest;
    }

    TestImage index(String repository, String tag, List<TestManifest> absent) {
      String list = Stream.concat(manifests.stream(), absent.stream()).map(Parts::entry).collect(joining(",\n     "));
      var index = new TestManifest(MediaTypes.OCI_INDEX, "", """
          {  "schemaVersion" : 2,
             "mediaType" : "%s",
             "manifests" : [
               %s ]
          }
          """.formatted(MediaTypes.OCI_INDEX, list));
      return new TestImage(repository, tag, index, manifests, absent, blobs);
    }

    private static String entry(TestManifest child) {
      return """
          {"mediaType" : "%s",  "digest" : "%s",  "size" : %d,
              "platform" : %s}""".formatted(child.mediaType(), child.digest(), child.bytes().length, child.platform());
    }
  }
}
