package dev.weir.server.realclient;

import java.net.http.HttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The requests of containerd's resolver and fetcher, which no Debian package here can make: HEAD of the reference, GET by
 * digest, blobs with the layer's type and compressed encodings offered.
 *
 * @param pathForm where the repository and the rest of the path go, such as {@code /v2/%s?ns=hub}
 */
record ContainerdPull(Wire wire, String pathForm) {
  private static final String MANIFEST_TYPES = "application/vnd.docker.distribution.manifest.v2+json, "
      + "application/vnd.docker.distribution.manifest.list.v2+json, "
      + "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*";

  /** Pulls by {@code reference} and compares every byte. */
  void pull(TestImage image, String reference) {
    resolve(image, reference);
    fetch(image, image.top());
    image.children().forEach(child -> fetch(image, child));
    image.blobs().forEach(blob -> fetch(image, blob));
  }

  private void resolve(TestImage image, String reference) {
    HttpResponse<byte[]> head = wire.head(manifest(image, reference), "Accept", MANIFEST_TYPES);

    assertThat(head.statusCode()).as("HEAD %s", head.uri()).isEqualTo(200);
    assertThat(head.headers().firstValue("Docker-Content-Digest")).hasValue(image.digest().toString());
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(image.top().bytes().length);
    assertThat(head.headers().firstValue("Content-Type")).hasValue(image.top().mediaType());
  }

  private void fetch(TestImage image, TestManifest manifest) {
    HttpResponse<byte[]> got = wire.get(manifest(image, manifest.digest().toString()), "Accept", manifest.mediaType()
        + ", */*");

    assertThat(got.statusCode()).as("GET %s", got.uri()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(manifest.bytes());
  }

  private void fetch(TestImage image, TestBlob blob) {
    String path = path(image, "/blobs/" + blob.digest());

    assertThat(wire.digestOf(path, "Accept", blob.descriptor().mediaType() + ", */*", "Accept-Encoding",
        "zstd;q=1.0, gzip;q=0.8, deflate;q=0.5")).as(path).isEqualTo(blob.digest());
  }

  private String manifest(TestImage image, String reference) {
    return path(image, "/manifests/" + reference);
  }

  private String path(TestImage image, String rest) {
    return pathForm.formatted(image.repository() + rest);
  }
}
