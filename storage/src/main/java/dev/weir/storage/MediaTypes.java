package dev.weir.storage;

import java.util.List;
import java.util.Set;

/** The media types of manifests (OCI image-spec, media-types.md; distribution's schema 1 and 2 documents). */
public final class MediaTypes {
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";
  public static final String DOCKER_SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json";
  public static final String OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";

  /** Every manifest type weir can hold, in the order it asks upstream for them. */
  public static final List<String> MANIFESTS = List.of(OCI_MANIFEST, DOCKER_MANIFEST, DOCKER_LIST, OCI_INDEX,
      DOCKER_SCHEMA1_SIGNED, DOCKER_SCHEMA1, OCI_ARTIFACT);

  /** The types that registry:2 can parse; any other under a revision link makes its garbage collector give up. */
  static final Set<String> DISTRIBUTION_READS = Set.of(OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST);

  private MediaTypes() {}
}
