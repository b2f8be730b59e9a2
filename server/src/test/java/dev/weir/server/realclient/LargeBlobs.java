package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.DigestInputStream;
import java.security.MessageDigest;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Pushes and pulls blobs that no test holds in memory. */
record LargeBlobs(HttpClient client, URI blobs) {
  LargeBlobs(int port, String repository) {
    this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        URI.create("http://127.0.0.1:" + port + "/v2/" + repository + "/blobs/"));
  }

  /** POST, one PATCH with all of it, PUT. */
  void push(SyntheticBlob blob) throws IOException, InterruptedException {
    HttpResponse<String> begun = send(HttpRequest.newBuilder(blobs.resolve("uploads/")).POST(BodyPublishers.noBody()),
        202);
    HttpResponse<String> patched = send(HttpRequest.newBuilder(location(begun)).method("PATCH",
        BodyPublishers.ofInputStream(blob.content())), 202);
    send(HttpRequest.newBuilder(URI.create(location(patched) + "&digest=" + blob.digest()))
        .PUT(BodyPublishers.noBody()), 201);
  }

  private static URI location(HttpResponse<String> answer) {
    return answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
  }

  private HttpResponse<String> send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer;
  }

  void pull(SyntheticBlob blob) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = client.send(
        HttpRequest.newBuilder(URI.create(blobs + blob.digest().toString())).build(), BodyHandlers.ofInputStream());
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    try (var body = new DigestInputStream(answer.body(), hash)) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(Digest.of(Digest.Algorithm.SHA256, hash)).isEqualTo(blob.digest());
  }
}
