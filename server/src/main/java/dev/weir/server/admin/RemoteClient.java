package dev.weir.server.admin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

import dev.weir.auth.Credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

/** By the address that everybody uses, with the credentials of an administrator. */
public final class RemoteClient implements AdminClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI server;
  private final Optional<Credentials> credentials;
  private final HttpClient http;

  /** @param tls trusts the server, where it speaks TLS */
  public RemoteClient(URI server, Optional<Credentials> credentials, Optional<SSLContext> tls) {
    this.server = server;
    this.credentials = credentials;
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    tls.ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  @Override
  public Answer ask(String method, String path, String body) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path)).timeout(PATIENCE)
        .header("Content-Type", "application/json").method(method, body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    credentials.ifPresent(known -> request.header("Authorization", basic(known)));
    try {
      HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new IOException("no weir answers at " + server + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for " + server, e);
    }
  }

  private static String basic(Credentials known) {
    return "Basic " + Base64.getEncoder().encodeToString((known.username() + ":" + known.password()).getBytes(UTF_8));
  }
}
