package dev.weir.server.archive;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads the errors that registries answer (OCI distribution-spec, "Error Codes"). */
final class OciErrors {
  private static final JsonMapper JSON = new JsonMapper();

  private OciErrors() {}

  static String sentence(int status, byte[] body) {
    try {
      JsonNode error = JSON.readTree(body).path("errors").path(0);
      String code = error.path("code").asText("");
      String message = error.path("message").asText("");
      return code.isEmpty() ? "it answered " + status : "it answered " + status + " " + code + ": " + message;
    } catch (IOException e) {
      return "it answered " + status;
    }
  }
}
