package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Gives out keys that are good for a while, as a machine's metadata service does (with a token that has to be asked for
 * first) and as a token service does in exchange for a web identity.
 */
final class MockRoles implements AutoCloseable {
  private static final String METADATA = "/latest/meta-data/iam/security-credentials/";
  private static final String SESSION = "session-of-the-machine";

  private final HttpServer server;
  private final Duration said;
  private final Duration good;
  private final Map<String, Instant> given = new ConcurrentHashMap<>();
  private final List<String> identities = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  /**
   * Listens.
   *
   * @param said how long keys are said to be good
   * @param good how long they are
   */
  MockRoles(Duration said, Duration good) throws IOException {
    this.said = said;
    this.good = good;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/latest/api/token", this::session);
    server.createContext(METADATA, this::metadata);
    server.createContext("/", this::tokens);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The secret of an access key that is good now. */
  Optional<String> secret(String accessKey) {
    Instant since = given.get(accessKey);
    if (since == null || since.plus(good).isBefore(Instant.now())) {
      refused.add(accessKey);
      return Optional.empty();
    }
    return Optional.of("secret-of-" + accessKey);
  }

  /** Keys with which somebody came who should not have. */
  List<String> refused() {
    return refused;
  }

  /** The web identities that were shown, in order. */
  List<String> identities() {
    return identities;
  }

  private String fresh() {
    String key = "role-" + (given.size() + 1);
    given.put(key, Instant.now());
    return key;
  }

  private void session(HttpExchange call) {
    boolean asks = call.getRequestMethod().equals("PUT")
        && call.getRequestHeaders().containsKey("x-aws-ec2-metadata-token-ttl-seconds");
    call.getResponseHeaders().add("x-aws-ec2-metadata-token-ttl-seconds", "21600");
    answer(call, asks ? 200 : 400, SESSION);
  }

  private void metadata(HttpExchange call) {
    if (!SESSION.equals(call.getRequestHeaders().getFirst("x-aws-ec2-metadata-token"))) {
      answer(call, 401, "");
    } else if (call.getRequestURI().getPath().equals(METADATA)) {
      answer(call, 200, "registry");
    } else {
      String key = fresh();
      answer(call, 200, """
          {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "%s", "AccessKeyId": "%s", "SecretAccessKey":
          "secret-of-%s", "Token": "token-of-%s", "Expiration": "%s"}""".formatted(Instant.now(), key, key, key,
          Instant.now().plus(said)));
    }
  }

  private void tokens(HttpExchange call) throws IOException {
    Map<String, String> form = new HashMap<>();
    for (String field : new String(call.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII).split("&", -1)) {
      String[] pair = field.split("=", 2);
      form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    if (!"AssumeRoleWithWebIdentity".equals(form.get("Action")) || !"arn:weir".equals(form.get("RoleArn"))) {
      answer(call, 400, "<ErrorResponse><Error><Code>InvalidAction</Code></Error></ErrorResponse>");
      return;
    }
    identities.add(form.getOrDefault("WebIdentityToken", ""));
    String key = fresh();
    answer(call, 200, """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>%s</AccessKeyId>
        <SecretAccessKey>secret-of-%s</SecretAccessKey><SessionToken>token-of-%s</SessionToken>
        <Expiration>%s</Expiration></Credentials><AssumedRoleUser><Arn>arn:weir/1</Arn>
        <AssumedRoleId>1</AssumedRoleId></AssumedRoleUser></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>""".formatted(key, key, key, Instant.now().plus(said)));
  }

  private static void answer(HttpExchange call, int status, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (call) {
      call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      call.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
