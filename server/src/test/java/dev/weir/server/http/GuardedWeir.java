package dev.weir.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.server.wiring.Weir;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A whole weir in this process, with a password file; a user's password is the name and {@code "'s secret"}. */
final class GuardedWeir implements AutoCloseable {
  static final int LOW_COST = 4;

  final Path config;
  final Path htpasswd;
  private final Weir weir;

  private GuardedWeir(Path config, Path htpasswd, Weir weir) {
    this.config = config;
    this.htpasswd = htpasswd;
    this.weir = weir;
  }

  /** @param sections YAML beside http, auth and storage, {@code rules} for example */
  static GuardedWeir start(Path directory, String sections, String... users) throws IOException, ConfigException {
    Path htpasswd = directory.resolve("htpasswd");
    for (String user : users) {
      new PasswordFileEditor(htpasswd).set(user, secret(user).getBytes(UTF_8), LOW_COST);
    }
    Path config = Files.writeString(directory.resolve("config.yml"), configuration(directory, sections));
    Weir weir = Weir.start(ConfigLoader.load(config, Map.of()), Map.of(), config);
    return new GuardedWeir(config, htpasswd, weir);
  }

  static String configuration(Path directory, String sections) {
    return """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        auth: {htpasswd: {realm: Registry Realm, path: "%s/htpasswd"}}
        storage: {filesystem: {rootdirectory: "%s/data"}, delete: {enabled: true}}
        %s""".formatted(directory, directory, sections);
  }

  static String secret(String user) {
    return user + "'s secret";
  }

  /** The header of a request that {@code user} makes; {@code -} makes one for nobody. */
  static String authorization(String user) {
    return user.equals("-") ? authorization("", "") : authorization(user, secret(user));
  }

  static String authorization(String user, String password) {
    return "Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  RawClient connect() throws IOException {
    return new RawClient(weir.port());
  }

  Reply ask(String user, String method, String path) throws IOException {
    return ask(user, method, path, "");
  }

  Reply ask(String user, String method, String path, String body) throws IOException {
    try (RawClient client = connect()) {
      client.send(method + " " + path + " HTTP/1.1\r\nHost: weir\r\n" + authorization(user) + "\r\nContent-Length: "
          + body.length() + "\r\n\r\n" + body);
      return method.equals("HEAD") ? client.readHead() : client.read();
    }
  }

  static Digest digest(String content) {
    return Digest.sha256(content.getBytes(UTF_8));
  }

  Digest pushBlob(String user, String repository, String content) throws IOException {
    Digest digest = digest(content);
    expect(201, ask(user, "POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, content));
    return digest;
  }

  static String manifest(Digest config, int length) {
    return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":"
        + "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + config + "\",\"size\":" + length
        + "},\"layers\":[]}";
  }

  /** Pushes an image whose configuration is {@code content}. */
  Digest pushImage(String user, String repository, String tag, String content) throws IOException {
    Digest config = pushBlob(user, repository, content);
    String manifest = manifest(config, content.length());
    expect(201, ask(user, "PUT", "/v2/" + repository + "/manifests/" + tag, manifest));
    return digest(manifest);
  }

  static void expect(int status, Reply reply) {
    if (reply.status() != status) {
      throw new AssertionError("not " + status + " but " + reply.status() + ": " + reply.lines() + reply.text());
    }
  }

  @Override
  public void close() {
    weir.close();
  }
}
