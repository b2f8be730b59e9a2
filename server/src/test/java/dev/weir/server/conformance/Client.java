package dev.weir.server.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.server.http.RawClient;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests on a socket, exactly as written; a connection each. */
record Client(int port) {
  static final byte[] NOTHING = {};
  private static final ObjectMapper JSON = new ObjectMapper();

  Reply get(String path, String... headers) {
    return ask("GET", path, headers);
  }

  Reply head(String path, String... headers) {
    return ask("HEAD", path, headers);
  }

  Reply delete(String path) {
    return ask("DELETE", path);
  }

  Reply ask(String method, String path, String... headers) {
    try (RawClient raw = new RawClient(port)) {
      return raw.ask(method, path, headers);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  Reply post(String path) {
    return send("POST", path, NOTHING);
  }

  /** With {@code Content-Length}. */
  Reply send(String method, String path, byte[] body, String... headers) {
    return exchange(head(method, path, Stream.concat(Stream.of(headers), Stream.of("Content-Length: " + body.length))),
        body);
  }

  /** In two chunks, with {@code Transfer-Encoding: chunked} and nothing else, as oc sends it. */
  Reply sendChunked(String method, String path, byte[] body) {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    writeChunk(chunks, body, 0, body.length / 2);
    writeChunk(chunks, body, body.length / 2, body.length);
    chunks.writeBytes(bytes("0\r\n\r\n"));
    return exchange(head(method, path, Stream.of("Transfer-Encoding: chunked")), chunks.toByteArray());
  }

  private static void writeChunk(ByteArrayOutputStream out, byte[] body, int from, int to) {
    if (from < to) {
      out.writeBytes(bytes(Integer.toHexString(to - from) + "\r\n"));
      out.write(body, from, to - from);
      out.writeBytes(bytes("\r\n"));
    }
  }

  Reply exchange(String head, byte[] body) {
    try (RawClient raw = new RawClient(port)) {
      return raw.send(head).send(body).read();
    } catch (IOException e) {
      throw new UncheckedIOException(head, e);
    }
  }

  static String head(String method, String path, Stream<String> headers) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: weir\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** Begins an upload; returns its address. */
  String begin(String repository) {
    Reply begun = post("/v2/" + repository + "/blobs/uploads/");
    assertThat(begun.status()).as(begun.text()).isEqualTo(202);
    return location(begun);
  }

  /** POST, then PUT with everything. */
  Digest push(String repository, byte[] blob) {
    Digest digest = Digest.sha256(blob);
    Reply put = send("PUT", with(begin(repository), digest), blob);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    return digest;
  }

  Reply putManifest(String repository, Object reference, String type, byte[] content) {
    return send("PUT", "/v2/" + repository + "/manifests/" + reference, content, "Content-Type: " + type);
  }

  /** Pushes the blobs, then the manifest under the tag. */
  Digest push(String repository, String tag, Image image) {
    image.blobs().forEach(blob -> push(repository, blob.bytes()));
    Reply put = putManifest(repository, tag, image.type(), image.content());
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    return image.digest();
  }

  static String location(Reply reply) {
    return reply.header("Location").orElseThrow(() -> new AssertionError("no Location in " + reply.lines()));
  }

  /** The upload's address with the digest added, as clients add it. */
  static String with(String location, Digest digest) {
    return location + (location.contains("?") ? "&" : "?") + "digest=" + digest;
  }

  static JsonNode json(Reply reply) {
    try {
      return JSON.readTree(reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + reply.text(), e);
    }
  }

  static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  /** Status, code and form of an error; a HEAD has none of it but the status. */
  static void assertError(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).contains("application/json");
    JsonNode error = json(reply).path("errors").path(0);
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotBlank();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
