package dev.weir.server.archive;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads the errors that registries answer (OCI distribution-spec, "Error Codes"). */
final class OciErrors {
  private static final JsonMapper JSON = new JsonMapper();

  private OciErrors() {}

  static Reply.Problem read(int status, byte[] body) {
    try {
      JsonNode error = JSON.readTree(body).path("errors").path(0);
      return new Reply.Problem(status, error.path("code").asText(""), error.path("message").asText(""));
    } catch (IOException e) {
      return new Reply.Problem(status, "", "");
    }
  }
}
