package dev.weir.server.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestClient.Reply;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** A weir whose page a test looks at. A user's password is the name and {@code "'s secret"}. */
final class Rig implements AutoCloseable {
  private static final int LOW_COST = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  final TestWeir weir;

  Rig(TestWeir weir) {
    this.weir = weir;
  }

  static Rig open(Path folder) {
    return new Rig(TestWeir.in(folder.resolve("data")).start());
  }

  /** @param rules as YAML, each a list's entry; none: every user may do everything */
  static Rig guarded(Path folder, String... rules) {
    return new Rig(guard(TestWeir.in(folder.resolve("data")), folder, rules).start());
  }

  static TestWeir.Builder guard(TestWeir.Builder weir, Path folder, String... rules) {
    Path htpasswd = folder.resolve("htpasswd");
    for (String user : new String[]{"ann", "bob"}) {
      try {
        new PasswordFileEditor(htpasswd).set(user, secret(user).getBytes(StandardCharsets.UTF_8), LOW_COST);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    weir.section("auth: {htpasswd: {realm: weir, path: '" + htpasswd + "'}}");
    return rules.length == 0 ? weir : weir.section("rules: [" + String.join(", ", rules) + "]");
  }

  static String secret(String user) {
    return user + "'s secret";
  }

  static String basic(String user) {
    return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret(user)).getBytes(StandardCharsets.UTF_8));
  }

  /** @param user {@code -}: without credentials */
  Reply get(String user, String path) {
    return user.equals("-") ? weir.client().get(path) : weir.client().get(path, "Authorization", basic(user));
  }

  JsonNode data(String part) {
    return data("-", part);
  }

  JsonNode data(String user, String part) {
    Reply reply = get(user, "/ui/data/" + part);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    try {
      return JSON.readTree(reply.body());
    } catch (IOException e) {
      throw new AssertionError(reply.text(), e);
    }
  }

  Reply send(String user, String method, String path, byte[] body, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Authorization";
    all[headers.length + 1] = basic(user);
    return weir.client().send(method, path, body, user.equals("-") ? headers : all);
  }

  Digest pushBlob(String user, String repository, byte[] content) {
    Digest digest = Digest.sha256(content);
    assertThat(send(user, "POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, content).status())
        .isEqualTo(201);
    return digest;
  }

  /** @param mediaType also what the manifest says itself, where it says so */
  Digest pushManifest(String user, String repository, String reference, String mediaType, String json) {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    Reply reply = send(user, "PUT", "/v2/" + repository + "/manifests/" + reference, content, "Content-Type",
        mediaType);
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return Digest.sha256(content);
  }

  /** Returns when all that it held at the start is known. */
  Rig known() {
    Await.until("what is held is known", () -> weir.metric("weir_held_known") == 1);
    return this;
  }

  @Override
  public void close() {
    weir.close();
  }
}
