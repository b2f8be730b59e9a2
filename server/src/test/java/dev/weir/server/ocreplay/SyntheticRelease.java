package dev.weir.server.ocreplay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.weir.storage.Digest;

/**
 * A release payload: component images that share base layers, and the release image that lists them. Nothing of it is
 * stored; the same shape and seed give the same bytes.
 *
 * @param image lists the components in {@code release-manifests/image-references} of its top layer
 */
public record SyntheticRelease(String version, SyntheticImage image, List<SyntheticImage> components) {

  /**
   * How large a release is.
   *
   * @param images with the release image
   * @param layers different ones; at least as many as images, and a few more for the shared bases
   * @param divisor by which layers are smaller than real ones
   */
  public record Shape(int images, int layers, long divisor) {
    /** That of 4.17.16, with layers a sixty-fourth of their size: 440 blobs, some 270 MB. */
    public static final Shape WHOLE = new Shape(190, 250, Long.getLong("weir.test.release-divisor", 64));
    /** For what is to be repeated many times: 64 blobs, some 6 MB. */
    public static final Shape SMALL = new Shape(28, 36, 512);
  }

  public static SyntheticRelease of(String version, Shape shape, long seed) {
    return new ReleaseMaker(version, shape, seed).release();
  }

  /** The components, then the release image, as oc pushes them. */
  public List<SyntheticImage> images() {
    return Stream.concat(components.stream(), Stream.of(image)).toList();
  }

  /** Every blob once. */
  public List<SyntheticBlob> blobs() {
    return blobs(images());
  }

  /** Every blob of these images once. */
  public static List<SyntheticBlob> blobs(List<SyntheticImage> images) {
    Map<Digest, SyntheticBlob> once = new LinkedHashMap<>();
    images.stream().flatMap(image -> image.blobs().stream()).forEach(blob -> once.put(blob.digest(), blob));
    return List.copyOf(once.values());
  }
}
