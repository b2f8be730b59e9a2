package dev.weir.server.pullthrough;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

/** A client that reads whole answers. */
public final class TestClient {
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  /** For a whole answer. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final URI server;

  TestClient(URI server) {
    this.server = server;
  }

  /** An answer, and how long it took. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Reply(int status, HttpHeaders headers, byte[] body, Duration time) {
    public Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public Digest digest() {
      return Digest.sha256(body);
    }

    /** Of the first error in an error body. */
    public String code() {
      return error().path("code").asText();
    }

    public String sentence() {
      return error().path("message").asText();
    }

    private JsonNode error() {
      try {
        return new ObjectMapper().readTree(body).path("errors").path(0);
      } catch (IOException e) {
        throw new AssertionError("no error body: " + text(), e);
      }
    }
  }

  public Reply get(String path, String... headers) {
    return send("GET", path, headers);
  }

  public Reply head(String path, String... headers) {
    return send("HEAD", path, headers);
  }

  public Reply manifest(String repository, String reference) {
    return get("/v2/" + repository + "/manifests/" + reference, "Accept", String.join(", ", MediaTypes.MANIFESTS));
  }

  public Reply blob(String repository, Digest digest) {
    return get("/v2/" + repository + "/blobs/" + digest);
  }

  /** A blob in one request. */
  public Reply push(String repository, byte[] blob) {
    return send("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + Digest.sha256(blob), blob);
  }

  /** An image's manifest, under a tag. */
  public Reply pushManifest(String repository, String tag, String json) {
    return send("PUT", "/v2/" + repository + "/manifests/" + tag, json.getBytes(StandardCharsets.UTF_8),
        "Content-Type", MediaTypes.OCI_MANIFEST);
  }

  private Reply send(String method, String path, String... headers) {
    return send(method, path, new byte[0], headers);
  }

  public Reply send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).method(method,
        body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    long start = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = HTTP.sendAsync(request.build(), BodyHandlers.ofByteArray()).get(LIMIT.toSeconds(),
          TimeUnit.SECONDS);
      return new Reply(answer.statusCode(), answer.headers(), answer.body(),
          Duration.ofNanos(System.nanoTime() - start));
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError(method + " " + path + " got no whole answer", e);
    }
  }
}
