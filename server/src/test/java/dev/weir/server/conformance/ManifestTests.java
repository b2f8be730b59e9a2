package dev.weir.server.conformance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.location;
import static org.assertj.core.api.Assertions.assertThat;

/** OCI distribution-spec v1.1, "Pushing manifests", and every kind that clients of mirror hosts push. */
interface ManifestTests extends OnStack {
  @Test
  default void everyKindOfManifestIsTakenByTagAndGivenBackAsItCame() {
    String repository = stack().fresh();
    Image subject = Image.oci("subject");
    client().push(repository, "subject", subject);
    Digest absent = Digest.sha256(Image.random(99, 9));
    List<Image> all = List.of(Image.oci("oci"), Image.docker("docker"),
        Image.index(MediaTypes.DOCKER_LIST, subject.digest(), absent),
        Image.index(MediaTypes.OCI_INDEX, subject.digest(), absent), signature(), Image.artifact("sbom",
            "application/spdx+json", subject.digest()),
        schema1(), unknown());
    for (int i = 0; i < all.size(); i++) {
      assertRoundTrip(repository, "tag-" + i, all.get(i));
    }
  }

  private void assertRoundTrip(String repository, String tag, Image image) {
    image.blobs().forEach(blob -> client().push(repository, blob.bytes()));
    for (Object reference : new Object[]{tag, image.digest()}) {
      Reply put = client().putManifest(repository, reference, image.type(), image.content());
      assertThat(put.status()).as(image.type() + put.text()).isEqualTo(201);
      assertThat(put.header("Docker-Content-Digest")).contains(image.digest().toString());
      assertThat(location(put)).isEqualTo("/v2/" + repository + "/manifests/" + image.digest());
    }
    Reply got = client().get("/v2/" + repository + "/manifests/" + tag);
    assertThat(got.body()).isEqualTo(image.content());
    assertThat(got.header("Content-Type")).contains(image.type());
    assertThat(got.header("Docker-Content-Digest")).contains(image.digest().toString());
  }

  /** As cosign makes them: two signatures of one payload are two layers of one digest. */
  private static Image signature() {
    Image plain = Image.oci("signature");
    String layer = Image.descriptor("application/vnd.dev.cosign.simplesigning.v1+json", plain.blobs().getLast());
    String json = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
        + Image.descriptor("application/vnd.oci.image.config.v1+json", plain.blobs().getFirst()) + ",\"layers\":["
        + layer + "," + layer + "]}";
    return new Image(MediaTypes.OCI_MANIFEST, json.getBytes(StandardCharsets.UTF_8), plain.blobs());
  }

  private static Image schema1() {
    Image.Blob layer = new Image.Blob(Image.random(1, 400));
    String json = "{\n   \"schemaVersion\": 1,\n   \"name\": \"a/b\",\n   \"tag\": \"t\",\n   \"fsLayers\": [{\"blobSum\": \""
        + layer.digest() + "\"}],\n   \"history\": [],\n   \"signatures\": []\n}";
    return new Image(MediaTypes.DOCKER_SCHEMA1_SIGNED, json.getBytes(StandardCharsets.UTF_8), List.of(layer));
  }

  private static Image unknown() {
    return new Image("application/vnd.example.thing+json",
        "{\"mediaType\":\"application/vnd.example.thing+json\",\"anything\":[1]}".getBytes(StandardCharsets.UTF_8),
        List.of());
  }

  @Test
  default void aManifestIsTakenUnderItsSha512() {
    String repository = stack().fresh();
    Image image = Image.oci("sha512");
    image.blobs().forEach(blob -> client().push(repository, blob.bytes()));
    Digest digest = Digest.of(Digest.Algorithm.SHA512, image.content());
    Reply put = client().putManifest(repository, digest, image.type(), image.content());
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(put.header("Docker-Content-Digest")).contains(digest.toString());
    assertThat(client().get(location(put)).body()).isEqualTo(image.content());
  }

  @Test
  default void aManifestWhoseBlobsAreMissingIsRefusedAndNamesThem() {
    String repository = stack().fresh();
    Image image = Image.oci("missing");
    Digest held = client().push(repository, image.blobs().getFirst().bytes());
    Reply refused = client().putManifest(repository, "v1", image.type(), image.content());
    assertError(refused, 404, "MANIFEST_BLOB_UNKNOWN");
    assertThat(refused.text()).contains(image.blobs().getLast().digest().toString()).doesNotContain(held.toString());
    assertThat(client().head("/v2/" + repository + "/manifests/v1").status()).isEqualTo(404);
    assertThat(client().head("/v2/" + repository + "/manifests/" + image.digest()).status()).isEqualTo(404);
  }

  @Test
  default void aBlobThatOnlyAnotherRepositoryHasIsMissing() {
    Image image = Image.oci("elsewhere");
    client().push(stack().fresh(), "v1", image);
    assertError(client().putManifest(stack().fresh(), "v1", image.type(), image.content()), 404,
        "MANIFEST_BLOB_UNKNOWN");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      v1 | application/json | no json | MANIFEST_INVALID
      v1 | application/json | [] | MANIFEST_INVALID
      v1 | application/json | {"schemaVersion":2} trailing | MANIFEST_INVALID
      v1 | application/json | {"layers":[{"digest":"sha256:../../x"}]} | MANIFEST_INVALID
      v1 | application/vnd.oci.image.index.v1+json | {"mediaType":"application/vnd.oci.image.manifest.v1+json"} | MANIFEST_INVALID
      v1 | application/json | {"mediaType":"application/vnd.oci.image.index.v1+json","layers":[],"manifests":[]} | MANIFEST_INVALID
      sha256:0000000000000000000000000000000000000000000000000000000000000000 | application/json | {} | DIGEST_INVALID
      -bad | application/json | {} | TAG_INVALID
      """)
  default void whatIsNoManifestIsRefused(String reference, String type, String content, String code) {
    String repository = stack().fresh();
    Reply refused = client().putManifest(repository, reference, type, content.getBytes(StandardCharsets.UTF_8));
    assertError(refused, 400, code);
  }

  @Test
  default void aBigManifestIsTakenAndOneThatIsTooBigIsRefusedWithASentence() {
    String repository = stack().fresh();
    Image big = padded(3_900 << 10);
    assertThat(client().putManifest(repository, "big", big.type(), big.content()).status()).isEqualTo(201);
    assertThat(client().get("/v2/" + repository + "/manifests/big").body()).isEqualTo(big.content());
    Image tooBig = padded((8 << 20) + 1);
    Reply refused = client().putManifest(repository, "too-big", tooBig.type(), tooBig.content());
    assertError(refused, 400, "SIZE_INVALID");
    assertThat(refused.text()).contains("at most 8388608 bytes");
    assertError(client().sendChunked("PUT", "/v2/" + repository + "/manifests/too-big", tooBig.content()), 400,
        "SIZE_INVALID");
  }

  private static Image padded(int size) {
    Image index = Image.index(MediaTypes.OCI_INDEX);
    String json = new String(index.content(), StandardCharsets.UTF_8);
    String padded = json.substring(0, json.length() - 1) + " ".repeat(size - json.length()) + "}";
    return new Image(index.type(), padded.getBytes(StandardCharsets.UTF_8), List.of());
  }

  @Test
  default void aTypeWithParametersAndNoTypeAtAllAreUnderstood() {
    String repository = stack().fresh();
    Image index = Image.index(MediaTypes.OCI_INDEX);
    Stream.of(index.type() + "; charset=utf-8", "application/octet-stream", "").forEach(type -> {
      assertThat(client().putManifest(repository, "typed", type, index.content()).status()).as(type).isEqualTo(201);
      assertThat(client().get("/v2/" + repository + "/manifests/typed").header("Content-Type"))
          .contains(MediaTypes.OCI_INDEX);
    });
  }

  @Test
  default void aTagMovesToWhatIsPushedLast() {
    String repository = stack().fresh();
    client().push(repository, "moving", Image.oci("first"));
    Digest second = client().push(repository, "moving", Image.oci("second"));
    assertThat(client().head("/v2/" + repository + "/manifests/moving").header("Docker-Content-Digest"))
        .contains(second.toString());
  }
}
