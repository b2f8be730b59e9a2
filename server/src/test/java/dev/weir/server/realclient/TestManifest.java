package dev.weir.server.realclient;

import java.nio.charset.StandardCharsets;

import dev.weir.storage.Digest;

/**
 * A manifest as its author wrote it.
 *
 * @param platform the value of "platform" in an index, as JSON
 * @param json spaced as no serialiser would, so that whoever writes it anew changes the digest
 */
record TestManifest(String mediaType, String platform, String json) {

  byte[] bytes() {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  Digest digest() {
    return Digest.sha256(bytes());
  }
}
