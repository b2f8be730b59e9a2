package dev.weir.server.openshift;

import java.util.Base64;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Credentials for registries, in docker's {@code config.json}. Nothing that is in one is ever lost. */
public final class PullSecretFile {
  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();
  private static final String AUTHS = "auths";
  private static final String KEY = ".dockerconfigjson";

  private final ObjectNode root;

  private PullSecretFile(ObjectNode root) {
    this.root = root;
  }

  static PullSecretFile empty() {
    return new PullSecretFile(JSON.createObjectNode());
  }

  /**
   * Reads the file from console.redhat.com, or a cluster's Secret that holds it.
   *
   * @throws IllegalArgumentException if it is none; the message is the end of a sentence about it, and quotes nothing of it
   */
  public static PullSecretFile parse(String text) {
    if (!text.stripLeading().startsWith("{")) {
      JsonNode yaml = Yaml.parse(text);
      if (!yaml.path("kind").asText().equals("Secret")) {
        throw new IllegalArgumentException("is no JSON: a pull secret is one JSON object");
      }
      return ofSecret(yaml);
    }
    JsonNode json = json(text);
    return json.path("kind").asText().equals("Secret") ? ofSecret(json) : ofConfig(json);
  }

  private static PullSecretFile ofSecret(JsonNode secret) {
    String encoded = secret.path("data").path(KEY).asText();
    if (encoded.isEmpty()) {
      throw new IllegalArgumentException("is a Secret without " + KEY + " in its data");
    }
    try {
      return ofConfig(json(new String(Base64.getDecoder().decode(encoded), UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("is a Secret whose " + KEY + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static PullSecretFile ofConfig(JsonNode json) {
    if (!(json instanceof ObjectNode root)) {
      throw new IllegalArgumentException("is no JSON object");
    }
    if (root.has(AUTHS) ? !root.path(AUTHS).isObject() : !root.isEmpty()) {
      throw new IllegalArgumentException("has no object 'auths', in which a pull secret holds its registries");
    }
    return new PullSecretFile(root);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      String place = e.getLocation() == null
          ? ""
          : " from line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + " on";
      throw new IllegalArgumentException("is no JSON" + place + ", or says a thing twice", e);
    }
  }

  /** This one with an entry for {@code door}, in place of an earlier one for just that. */
  PullSecretFile with(Door door, Login login) {
    ObjectNode copy = root.deepCopy();
    ObjectNode auths = copy.withObjectProperty(AUTHS);
    ObjectNode entry = auths.withObjectProperty(door.toString());
    entry.remove("identitytoken");
    entry.put("auth", login.encoded());
    return new PullSecretFile(copy);
  }

  int entries() {
    return root.path(AUTHS).size();
  }

  /** In one line. */
  String json() {
    return root.toString();
  }
}
