package dev.weir.server.archive;

/** Names that skopeo and podman know: {@code dir:}, {@code oci:} and {@code docker-archive:}. */
public final class ImageLayout {
  /** In {@code oci:}, beside {@link #OCI_INDEX} and {@code blobs/<algorithm>/<hex>}. */
  public static final String OCI_MARK = "oci-layout";
  public static final String OCI_MARK_CONTENT = "{\"imageLayoutVersion\":\"1.0.0\"}";
  public static final String OCI_INDEX = "index.json";
  /** An annotation in {@link #OCI_INDEX}: a tag, or a whole name. */
  public static final String OCI_NAME = "org.opencontainers.image.ref.name";
  /** The same by newer dockers: a whole name. */
  public static final String CONTAINERD_NAME = "io.containerd.image.name";

  /** In {@code dir:}, beside {@link #MANIFEST}, {@code <hex>}, {@code <hex>.manifest.json} and {@code signature-<number>}. */
  public static final String DIR_VERSION = "version";
  public static final String DIR_VERSION_CONTENT = "Directory Transport Version: 1.1\n";
  /** In {@code dir:} the image's manifest; in {@code docker-archive:} a list of what is in there. */
  public static final String MANIFEST = "manifest.json";

  private ImageLayout() {}
}
