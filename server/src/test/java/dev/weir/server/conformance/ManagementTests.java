package dev.weir.server.conformance;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.json;
import static dev.weir.server.conformance.Client.texts;
import static org.assertj.core.api.Assertions.assertThat;

/** OCI distribution-spec v1.1, "Content management", of what was pushed. */
interface ManagementTests extends OnStack {
  @Test
  default void aDeletedTagIsGoneAndItsManifestStays() {
    String repository = stack().fresh();
    Digest digest = client().push(repository, "v1", Image.oci("tag"));
    client().push(repository, "v2", Image.oci("tag"));
    assertThat(client().delete("/v2/" + repository + "/manifests/v1").status()).isEqualTo(202);
    assertError(client().get("/v2/" + repository + "/manifests/v1"), 404, "MANIFEST_UNKNOWN");
    assertError(client().delete("/v2/" + repository + "/manifests/v1"), 404, "MANIFEST_UNKNOWN");
    assertThat(client().head("/v2/" + repository + "/manifests/" + digest).status()).isEqualTo(200);
    assertThat(tags(repository)).isEqualTo("[v2]");
  }

  private String tags(String repository) {
    return texts(json(client().get("/v2/" + repository + "/tags/list")).path("tags")).toString();
  }

  @Test
  default void aDeletedManifestTakesItsTagsAlongAndNoOthers() {
    String repository = stack().fresh();
    Digest gone = client().push(repository, "v1", Image.oci("gone"));
    client().push(repository, "latest", Image.oci("gone"));
    client().push(repository, "other", Image.oci("stays"));
    assertThat(client().delete("/v2/" + repository + "/manifests/" + gone).status()).isEqualTo(202);
    assertError(client().get("/v2/" + repository + "/manifests/" + gone), 404, "MANIFEST_UNKNOWN");
    assertError(client().get("/v2/" + repository + "/manifests/latest"), 404, "MANIFEST_UNKNOWN");
    assertError(client().delete("/v2/" + repository + "/manifests/" + gone), 404, "MANIFEST_UNKNOWN");
    assertThat(tags(repository)).isEqualTo("[other]");
    assertThat(client().push(repository, "v1", Image.oci("gone"))).isEqualTo(gone);
    assertThat(client().get("/v2/" + repository + "/manifests/v1").status()).isEqualTo(200);
  }

  @Test
  default void aDeletedBlobIsGoneFromThatRepositoryOnly() {
    String repository = stack().fresh();
    String other = stack().fresh();
    byte[] blob = Image.random(21, 500);
    Digest digest = client().push(repository, blob);
    client().push(other, blob);
    assertThat(client().delete("/v2/" + repository + "/blobs/" + digest).status()).isEqualTo(202);
    assertThat(client().head("/v2/" + repository + "/blobs/" + digest).status()).isEqualTo(404);
    assertError(client().delete("/v2/" + repository + "/blobs/" + digest), 404, "BLOB_UNKNOWN");
    assertThat(client().get("/v2/" + other + "/blobs/" + digest).body()).isEqualTo(blob);
    client().push(repository, blob);
    assertThat(client().head("/v2/" + repository + "/blobs/" + digest).status()).isEqualTo(200);
  }

  @Test
  default void whatIsNotThereCannotBeDeleted() {
    String repository = stack().fresh();
    Digest nothing = Digest.sha256(Image.random(22, 5));
    assertError(client().delete("/v2/" + repository + "/manifests/" + nothing), 404, "MANIFEST_UNKNOWN");
    assertError(client().delete("/v2/" + repository + "/blobs/" + nothing), 404, "BLOB_UNKNOWN");
  }
}
