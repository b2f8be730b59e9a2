package dev.weir.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pushes blobs as podman does: POST, one PATCH with all of it, PUT. Every round pushes others. */
final class Push {
  private static final int CONNECTIONS = 4;

  private final int blobs;
  private final int blobBytes;
  private final byte[] content;
  private int round;

  Push(int blobs, int blobBytes) {
    this.blobs = blobs;
    this.blobBytes = blobBytes;
    this.content = new byte[blobBytes];
    new Random(1).nextBytes(content);
  }

  /** In GiB, of one round. */
  double gibibytes() {
    return (double) blobs * blobBytes / (1 << 30);
  }

  /** One round: all blobs, over a few connections. */
  void run(RunningServer server) throws IOException, InterruptedException {
    round++;
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> pushes = new ArrayList<>();
      for (int i = 0; i < blobs; i++) {
        int number = i;
        pushes.add(workers.submit(() -> {
          push(client, server, number);
          return number;
        }));
      }
      for (Future<?> push : pushes) {
        push.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a push failed: " + e.getCause(), e);
    }
  }

  private void push(HttpClient client, RunningServer server, int number) throws IOException, InterruptedException {
    byte[] blob = content.clone();
    ByteBuffer.wrap(blob).putInt(round).putInt(number);
    HttpResponse<Void> started = send(client, HttpRequest.newBuilder(server.address("/v2/bench/push/blobs/uploads/"))
        .POST(BodyPublishers.noBody()), 202);
    HttpResponse<Void> patched = send(client, HttpRequest.newBuilder(location(started))
        .method("PATCH", BodyPublishers.ofByteArray(blob)).header("Content-Type", "application/octet-stream"), 202);
    URI last = location(patched);
    String separator = last.getRawQuery() == null ? "?" : "&";
    send(client, HttpRequest.newBuilder(URI.create(last + separator + "digest=sha256:" + sha256(blob)))
        .PUT(BodyPublishers.noBody()), 201);
  }

  private static URI location(HttpResponse<?> response) {
    return response.uri().resolve(response.headers().firstValue("Location").orElseThrow());
  }

  private static HttpResponse<Void> send(HttpClient client, HttpRequest.Builder request, int expected)
      throws IOException, InterruptedException {
    HttpResponse<Void> response = client.send(request.build(), BodyHandlers.discarding());
    if (response.statusCode() != expected) {
      throw new IOException(response + " instead of " + expected);
    }
    return response;
  }

  private static String sha256(byte[] blob) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
