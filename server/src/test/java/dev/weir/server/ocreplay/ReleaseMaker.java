package dev.weir.server.ocreplay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.weir.storage.Digest;

import static java.util.stream.Collectors.joining;

/** Makes a {@link SyntheticRelease}: sizes as measured on real releases, the rest as plain as can be. */
final class ReleaseMaker {
  private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  private static final long MIB = 1 << 20;
  private static final double MEDIAN_LAYER = 30.0 * MIB;
  private static final double SIGMA = 1.2;
  private static final long SMALLEST_LAYER = (long) (0.37 * MIB);
  private static final long LARGEST_LAYER = 1024 * MIB;
  /** One layer in so many is a base that images share. */
  private static final int LAYERS_A_BASE = 50;

  private final String version;
  private final SyntheticRelease.Shape shape;
  private final Random random;
  private final long seed;
  private long blobs;
  private byte[] referencesTar = new byte[0];

  ReleaseMaker(String version, SyntheticRelease.Shape shape, long seed) {
    this.version = version;
    this.shape = shape;
    this.random = new Random(seed);
    this.seed = seed;
  }

  SyntheticRelease release() {
    List<SyntheticBlob> bases = layers(Math.max(1, shape.layers() / LAYERS_A_BASE));
    int components = shape.images() - 1;
    int own = shape.layers() - bases.size() - 1;
    List<SyntheticImage> images = new ArrayList<>();
    for (int i = 0; i < components; i++) {
      int count = own / components + (i < own % components ? 1 : 0);
      List<SyntheticBlob> layers = new ArrayList<>(bases.subList(0, 1 + i % bases.size()));
      layers.addAll(i == components - 1 ? withLargest(count) : layers(count));
      images.add(image("component-" + i, version + "-x86_64-component-" + i, layers));
    }
    List<SyntheticBlob> layers = new ArrayList<>(bases);
    layers.add(references(images));
    return new SyntheticRelease(version, image("release", version + "-x86_64", layers), List.copyOf(images));
  }

  private List<SyntheticBlob> layers(int count) {
    List<SyntheticBlob> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double size = MEDIAN_LAYER * Math.exp(SIGMA * random.nextGaussian());
      layers.add(layer(Math.clamp((long) size, SMALLEST_LAYER, LARGEST_LAYER)));
    }
    return layers;
  }

  /** Every release has one like machine-os-content. */
  private List<SyntheticBlob> withLargest(int count) {
    List<SyntheticBlob> layers = layers(count - 1);
    layers.add(layer(LARGEST_LAYER));
    return layers;
  }

  private SyntheticBlob layer(long size) {
    return SyntheticBlob.tar(LAYER, seed * 1_000_003 + blobs++, size / shape.divisor());
  }

  private SyntheticImage image(String component, String tag, List<SyntheticBlob> layers) {
    return new SyntheticImage(tag, component, config(component, layers), List.copyOf(layers));
  }

  /** Some KiB long, as the labels of real ones make them. */
  private SyntheticBlob config(String component, List<SyntheticBlob> layers) {
    String label = "0123456789abcdef".repeat(64 + random.nextInt(640));
    String json = """
        {"architecture": "amd64", "os": "linux", "created": "2026-01-01T00:00:00Z",
         "config": {"Labels": {"io.openshift.release": "%s", "component": "%s", "seed": "%d", "long": "%s"}},
         "rootfs": {"type": "layers", "diff_ids": [%s]}}
        """.formatted(version, component, seed, label,
        layers.stream().map(layer -> "\"" + diffId(layer) + "\"").collect(joining(", ")));
    return SyntheticBlob.of(CONFIG, json.getBytes(StandardCharsets.UTF_8));
  }

  /** The layers are not compressed, but for the top one of the release image. */
  private Digest diffId(SyntheticBlob layer) {
    return layer.descriptor().mediaType().equals(LAYER) ? layer.digest() : Digest.sha256(referencesTar);
  }

  private SyntheticBlob references(List<SyntheticImage> images) {
    String tags = images.stream().map(image -> """
        {"name": "%s", "annotations": {}, "from": {"kind": "DockerImage", \
        "name": "quay.io/openshift-release-dev/ocp-v4.0-art-dev@%s"}}""".formatted(image.component(), image.digest()))
        .collect(joining(",\n    "));
    referencesTar = Ustar.archive(Map.of("release-manifests/image-references", """
        {"kind": "ImageStream", "apiVersion": "image.openshift.io/v1",
         "metadata": {"name": "%s", "creationTimestamp": "2026-01-01T00:00:00Z"},
         "spec": {"lookupPolicy": {"local": false}, "tags": [
            %s]}}
        """.formatted(version, tags).getBytes(StandardCharsets.UTF_8)));
    return SyntheticBlob.of(LAYER + ".gzip", Ustar.gzip(referencesTar));
  }
}
