package dev.weir.server.keep;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** A client that pushes, looks and deletes. Says nothing when a server dies under it but throws. */
public final class Pusher {
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI server;

  public Pusher(URI server) {
    this.server = server;
  }

  public static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Of these blobs, all of them layers but the first. */
  public static Manifest image(byte[]... blobs) {
    return image(List.of(blobs), "");
  }

  public static Manifest image(List<byte[]> blobs, String more) {
    List<String> all = blobs.stream().map(Pusher::descriptor).toList();
    byte[] json = ("{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":" + all.getFirst()
        + ",\"layers\":[" + all.stream().skip(1).collect(Collectors.joining(",")) + "]" + more + "}").getBytes(UTF_8);
    return new Manifest(MediaTypes.OCI_MANIFEST, Digest.sha256(json), json);
  }

  private static String descriptor(byte[] blob) {
    return "{\"mediaType\":\"application/octet-stream\",\"digest\":\"" + Digest.sha256(blob) + "\",\"size\":"
        + blob.length + "}";
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(server.resolve(path));
  }

  public Digest blob(String repository, byte[] blob) throws IOException {
    assertThat(tryBlob(repository, blob)).isEqualTo(201);
    return Digest.sha256(blob);
  }

  /** The status of the last answer. */
  public int tryBlob(String repository, byte[] blob) throws IOException {
    HttpResponse<byte[]> begun = send(to("/v2/" + repository + "/blobs/uploads/").POST(BodyPublishers.noBody()));
    if (begun.statusCode() != 202) {
      return begun.statusCode();
    }
    String location = begun.headers().firstValue("Location").orElseThrow() + "&digest=" + Digest.sha256(blob);
    return send(to(location).PUT(BodyPublishers.ofByteArray(blob))).statusCode();
  }

  /** The status. */
  public int manifest(String repository, String reference, Manifest manifest) throws IOException {
    return send(to("/v2/" + repository + "/manifests/" + reference).header("Content-Type", manifest.mediaType())
        .PUT(BodyPublishers.ofByteArray(manifest.content()))).statusCode();
  }

  /** Blobs and manifest. */
  public Manifest push(String repository, String reference, byte[]... blobs) throws IOException {
    for (byte[] blob : blobs) {
      blob(repository, blob);
    }
    Manifest manifest = image(blobs);
    assertThat(manifest(repository, reference, manifest)).isEqualTo(201);
    return manifest;
  }

  public int delete(String path) throws IOException {
    return send(to("/v2/" + path).DELETE()).statusCode();
  }

  public int head(String path) throws IOException {
    return send(to("/v2/" + path).method("HEAD", BodyPublishers.noBody())).statusCode();
  }

  public HttpResponse<byte[]> get(String path) throws IOException {
    return send(to("/v2/" + path).header("Accept", String.join(", ", MediaTypes.MANIFESTS)).GET());
  }
}
