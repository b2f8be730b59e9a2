package dev.weir.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.MediaTypes;

/** Pulls as a container engine does: ping, manifest by tag, config, layers; and believes no byte whose digest is wrong. */
final class DemoClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BUFFER_BYTES = 1 << 18;

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI registry;

  /** What a pull came to. */
  record Pull(int requests, long bytes, Duration time) {}

  /** What a request that ought to fail came to. */
  record Refusal(int status, String sentence, Duration time) {}

  DemoClient(int port) {
    this.registry = URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Pulls a whole image.
   *
   * @param expected the manifest's digest
   * @throws IOException if something cannot be had, or is not what its digest says
   */
  Pull image(String repository, String tag, Digest expected) throws IOException, InterruptedException {
    long start = System.nanoTime();
    ok(send("/v2/", BodyHandlers.ofByteArray()));
    byte[] manifest = ok(send("/v2/" + repository + "/manifests/" + tag, BodyHandlers.ofByteArray()));
    same(Digest.sha256(manifest), expected, "the manifest " + tag);
    long bytes = manifest.length;
    int requests = 2;
    for (Descriptor blob : ManifestDocument.parse(manifest).blobs()) {
      bytes += blob(repository, blob);
      requests++;
    }
    return new Pull(requests, bytes, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Asks for a manifest that nobody can give. */
  Refusal absent(String repository, String tag) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> answer = send("/v2/" + repository + "/manifests/" + tag, BodyHandlers.ofString());
    return new Refusal(answer.statusCode(), sentence(answer.body()), Duration.ofNanos(System.nanoTime() - start));
  }

  /** Out of the body that every error of a registry has. */
  private static String sentence(String body) throws IOException {
    return new ObjectMapper().readTree(body).path("errors").path(0).path("message").asText();
  }

  private long blob(String repository, Descriptor blob) throws IOException, InterruptedException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    long bytes = 0;
    try (InputStream in = ok(
        send("/v2/" + repository + "/blobs/" + blob.digest(), BodyHandlers.ofInputStream()))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hash.update(buffer, 0, count);
        bytes += count;
      }
    }
    same(Digest.of(Digest.Algorithm.SHA256, hash), blob.digest(), "a blob");
    return bytes;
  }

  private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(registry.resolve(path)).timeout(PATIENCE)
        .header("Accept", String.join(", ", MediaTypes.MANIFESTS)).build();
    return http.send(request, handler);
  }

  private static <T> T ok(HttpResponse<T> answer) throws IOException {
    if (answer.statusCode() != 200) {
      throw new IOException("GET " + answer.uri() + " answered " + answer.statusCode());
    }
    return answer.body();
  }

  private static void same(Digest received, Digest expected, String what) throws IOException {
    if (!received.equals(expected)) {
      throw new IOException("digest mismatch: " + what + " is " + received + " and should be " + expected);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
