package dev.weir.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Pushes as podman does: POST, one PATCH with all of it, PUT. */
record Pusher(HttpClient client, Door door) implements AutoCloseable {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  static Pusher to(Door door) {
    return new Pusher(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), door);
  }

  void push(String repository, Blob blob) throws IOException, InterruptedException {
    HttpResponse<Void> started = send(HttpRequest.newBuilder(door.address("/v2/" + repository + "/blobs/uploads/"))
        .POST(BodyPublishers.noBody()), 202);
    HttpResponse<Void> patched = send(HttpRequest.newBuilder(location(started))
        .method("PATCH", BodyPublishers.ofByteArray(blob.bytes())).header("Content-Type", "application/octet-stream"),
        202);
    URI last = location(patched);
    String separator = last.getRawQuery() == null ? "?" : "&";
    send(HttpRequest.newBuilder(URI.create(last + separator + "digest=" + blob.digest())).PUT(BodyPublishers.noBody()),
        201);
  }

  void putManifest(String repository, String tag, Blob manifest) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(door.address("/v2/" + repository + "/manifests/" + tag)).header("Content-Type", MANIFEST)
            .PUT(BodyPublishers.ofByteArray(manifest.bytes())),
        201);
  }

  private static URI location(HttpResponse<?> response) {
    return response.uri().resolve(response.headers().firstValue("Location").orElseThrow());
  }

  private HttpResponse<Void> send(HttpRequest.Builder request, int expected) throws IOException, InterruptedException {
    HttpResponse<Void> response = client.send(request.build(), BodyHandlers.discarding());
    if (response.statusCode() != expected) {
      throw new IOException(response + " instead of " + expected);
    }
    return response;
  }

  @Override
  public void close() {
    client.close();
  }
}
