package dev.weir.server.ocreplay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import dev.weir.storage.Digest;

/** What CRI-O asks for to have images on a node: every manifest, and each blob once; every byte is verified. */
public final class NodePull implements AutoCloseable {
  private static final int WORKERS = 6;
  private static final String[] MANIFEST_TYPES = {"application/vnd.oci.image.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      "application/vnd.docker.distribution.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"};

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI repository;

  /** @param repository under {@code /v2/}, without a slash at its end */
  public NodePull(URI registry, String repository) {
    this.repository = registry.resolve("/v2/" + repository + "/");
  }

  public void byTag(List<SyntheticImage> images) throws IOException {
    pull(images, SyntheticImage::tag);
  }

  public void byDigest(List<SyntheticImage> images) throws IOException {
    pull(images, image -> image.digest().toString());
  }

  private void pull(List<SyntheticImage> images, Function<SyntheticImage, String> reference) throws IOException {
    Workers.run(WORKERS, images, image -> manifest(image, reference.apply(image)));
    Workers.run(WORKERS, SyntheticRelease.blobs(images), blob -> blob(blob.digest()));
  }

  private void manifest(SyntheticImage image, String reference) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(repository.resolve("manifests/" + reference));
    for (String type : MANIFEST_TYPES) {
      request.header("Accept", type);
    }
    HttpResponse<byte[]> answer = send(request.build(), BodyHandlers.ofByteArray());
    BlobPush.require(200, answer);
    if (!Arrays.equals(answer.body(), image.manifest())) {
      throw new OcError(answer, "the manifest's bytes are not those of " + image.digest());
    }
    if (!answer.headers().firstValue("Content-Type").orElse("").equals(SyntheticImage.MEDIA_TYPE)) {
      throw new OcError(answer, "the manifest is not called " + SyntheticImage.MEDIA_TYPE);
    }
  }

  /** Reads a blob whole. */
  public void blob(Digest digest) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(repository.resolve("blobs/" + digest)).build();
    HttpResponse<InputStream> answer = send(request, BodyHandlers.ofInputStream());
    MessageDigest hash = digest.algorithm().newHash();
    try (var body = new DigestInputStream(answer.body(), hash)) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    if (answer.statusCode() != 200) {
      throw new OcError(answer, "expected 200");
    }
    Digest actual = Digest.of(digest.algorithm(), hash);
    if (!actual.equals(digest)) {
      throw new OcError(answer, "the bytes are those of " + actual);
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      throw new IOException(request + " interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
