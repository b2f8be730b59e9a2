package dev.weir.server.ocreplay;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;

/** oc's requests, header by header, over HTTP/1.1; redirects are not followed, since none may come. */
final class OcWire implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  /** In this order where the source is looked up by digest. */
  private static final String[] MANIFEST_TYPES = {"application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.oci.image.manifest.v1+json"};

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI registry;
  private final OcWatcher watcher;

  OcWire(URI registry, OcWatcher watcher) {
    this.registry = registry;
    this.watcher = watcher;
  }

  HttpResponse<byte[]> ping() throws IOException {
    return send("GET", registry.resolve("/v2/"), BodyPublishers.noBody());
  }

  HttpResponse<byte[]> getManifest(String repository, String reference) throws IOException {
    HttpRequest.Builder request = request(manifest(repository, reference)).GET();
    for (String type : MANIFEST_TYPES) {
      request.header("Accept", type);
    }
    return send(request);
  }

  HttpResponse<byte[]> putManifest(String repository, String reference, String type, byte[] manifest)
      throws IOException {
    return send(request(manifest(repository, reference)).header("Content-Type", type)
        .PUT(BodyPublishers.ofByteArray(manifest)));
  }

  HttpResponse<byte[]> head(String repository, SyntheticBlob blob) throws IOException {
    return send("HEAD", registry.resolve("/v2/" + repository + "/blobs/" + blob.digest()), BodyPublishers.noBody());
  }

  /** @param query with its question mark; empty: none */
  HttpResponse<byte[]> post(String repository, String query) throws IOException {
    return send("POST", registry.resolve("/v2/" + repository + "/blobs/uploads/" + query), BodyPublishers.noBody());
  }

  /** Chunked, and with no word of type, length or range. */
  HttpResponse<byte[]> patch(URI location, Supplier<InputStream> content) throws IOException {
    return send("PATCH", location, BodyPublishers.ofInputStream(() -> new Watched(content.get())));
  }

  HttpResponse<byte[]> put(URI location) throws IOException {
    return send("PUT", location, BodyPublishers.ofByteArray(new byte[0]));
  }

  HttpResponse<byte[]> delete(URI location) throws IOException {
    return send("DELETE", location, BodyPublishers.noBody());
  }

  private URI manifest(String repository, String reference) {
    return registry.resolve("/v2/" + repository + "/manifests/" + reference);
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(LIMIT);
  }

  private HttpResponse<byte[]> send(String method, URI uri, BodyPublisher body) throws IOException {
    return send(request(uri).method(method, body));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    watcher.asks(request.method(), request.uri().getPath());
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(request + " interrupted", e);
    } catch (IOException | UncheckedIOException e) {
      throw new IOException(request + " failed: " + e, e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  /** Tells how fast the server takes a blob. */
  private final class Watched extends FilterInputStream {
    Watched(InputStream content) {
      super(content);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        watcher.sends(count);
      }
      return count;
    }
  }
}
