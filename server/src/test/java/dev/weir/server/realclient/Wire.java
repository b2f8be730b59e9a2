package dev.weir.server.realclient;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import javax.net.ssl.SSLContext;

import dev.weir.storage.Digest;

/** HTTP/1.1 against one server: any path, any header, nothing followed and nothing interpreted. */
final class Wire {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient client;
  private final URI server;

  Wire(URI server) {
    this(server, HttpClient.newBuilder());
  }

  /** Over TLS, with what {@code context} trusts. */
  Wire(URI server, SSLContext context) {
    this(server, HttpClient.newBuilder().sslContext(context));
  }

  private Wire(URI server, HttpClient.Builder client) {
    this.server = server;
    this.client = client.version(HttpClient.Version.HTTP_1_1).build();
  }

  /** @param headers name, value, name, value … */
  HttpResponse<byte[]> get(String path, String... headers) {
    return send(request(path, headers).GET(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> head(String path, String... headers) {
    return send(request(path, headers).HEAD(), BodyHandlers.ofByteArray());
  }

  /** The digest of the body of a GET that must answer 200, without holding the body. */
  Digest digestOf(String path, String... headers) {
    HttpResponse<InputStream> response = send(request(path, headers).GET(), BodyHandlers.ofInputStream());
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    try (var body = new DigestInputStream(response.body(), hash)) {
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException("read " + path, e);
    }
    if (response.statusCode() != 200) {
      throw new AssertionError("GET " + path + " answered " + response.statusCode());
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  HttpRequest.Builder request(String pathOrUri, String... headers) {
    var builder = HttpRequest.newBuilder(server.resolve(pathOrUri)).timeout(LIMIT);
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  /** Sends what must answer {@code status}. */
  HttpResponse<byte[]> expect(int status, HttpRequest.Builder request) {
    HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() != status) {
      throw new AssertionError(response + ": " + new String(response.body(), StandardCharsets.UTF_8));
    }
    return response;
  }

  HttpRequest.Builder post(String path) {
    return request(path).POST(BodyPublishers.noBody());
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder builder, BodyHandler<T> handler) {
    HttpRequest request = builder.build();
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(request + " failed", e);
    } catch (InterruptedException e) {
      throw new AssertionError(request + " interrupted", e);
    }
  }
}
