package dev.weir.server.conformance;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static dev.weir.server.conformance.Client.assertError;
import static org.assertj.core.api.Assertions.assertThat;

class SwitchedOffTest {
  @TempDir private Path directory;

  @Test
  void withoutDeletionEverythingStaysAndUploadsMayStillBeCancelled() throws Exception {
    try (Stack stack = Stack.overDirectory(directory, "delete: {enabled: false}")) {
      Client client = stack.client();
      Image image = Image.oci("kept");
      Digest digest = client.push("team/app", "v1", image);
      assertError(client.delete("/v2/team/app/manifests/v1"), 405, "UNSUPPORTED");
      assertError(client.delete("/v2/team/app/manifests/" + digest), 405, "UNSUPPORTED");
      assertError(client.delete("/v2/team/app/blobs/" + image.blobs().getFirst().digest()), 405, "UNSUPPORTED");
      assertThat(client.get("/v2/team/app/manifests/v1").body()).isEqualTo(image.content());
      assertThat(client.delete(client.begin("team/app")).status()).isEqualTo(204);
    }
  }

  @Test
  void whileReadOnlyThingsArePulledAndNothingChanges() throws Exception {
    Image image = Image.oci("kept");
    String upload;
    try (Stack stack = Stack.overDirectory(directory, "delete: {enabled: true}")) {
      stack.client().push("team/app", "v1", image);
      upload = stack.client().begin("team/app");
    }
    try (Stack stack = Stack.overDirectory(directory,
        "delete: {enabled: true}, maintenance: {readonly: {enabled: true}}")) {
      Client client = stack.client();
      assertThat(client.get("/v2/team/app/manifests/v1").body()).isEqualTo(image.content());
      Reply refused = client.post("/v2/team/app/blobs/uploads/");
      assertError(refused, 405, "UNSUPPORTED");
      assertThat(refused.text()).contains("read-only");
      assertError(client.send("PATCH", upload, new byte[5]), 405, "UNSUPPORTED");
      assertError(client.send("PUT", Client.with(upload, image.digest()), new byte[5]), 405, "UNSUPPORTED");
      assertError(client.putManifest("team/app", "v2", image.type(), image.content()), 405, "UNSUPPORTED");
      assertError(client.delete("/v2/team/app/manifests/v1"), 405, "UNSUPPORTED");
    }
  }
}
