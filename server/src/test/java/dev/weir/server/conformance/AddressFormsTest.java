package dev.weir.server.conformance;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static dev.weir.server.conformance.Client.NOTHING;
import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.location;
import static dev.weir.server.conformance.Client.with;
import static org.assertj.core.api.Assertions.assertThat;

/** One repository under all forms of its address; what comes back repeats the form that was used. */
class AddressFormsTest {
  private static final String PATH = "all/app";

  @TempDir private Path directory;
  private Stack stack;

  @BeforeEach
  void start() throws Exception {
    stack = Stack.withUpstream(directory, true);
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  @ParameterizedTest
  @CsvSource({"/v2/hub/all/app,''", "/hub/v2/all/app,''", "/v2/all/app,ns=hub", "/v2/hub/all/app,ns=hub",
      "/hub/v2/all/app,ns=hub", "/v2/mirror/app,''"})
  void everyFormReachesTheSameRepository(String base, String query) {
    Image image = Image.oci("forms");
    stack.provide("mirror/app", "v1", image);
    Client client = stack.client();
    Digest layer = image.blobs().getLast().digest();
    String end = query.isEmpty() ? "" : "?" + query;
    assertThat(client.get(base + "/manifests/v1" + end).body()).isEqualTo(image.content());
    assertThat(client.head(base + "/manifests/" + image.digest() + end).status()).isEqualTo(200);
    assertThat(client.get(base + "/blobs/" + layer + end).body()).isEqualTo(image.blobs().getLast().bytes());
    assertThat(client.head(base + "/blobs/" + layer + end).status()).isEqualTo(200);
    assertThat(client.get(base + "/tags/list" + end).text()).contains("\"tags\":[\"v1\"]");
    assertThat(client.get(base + "/referrers/" + image.digest() + end).status()).isEqualTo(200);
    assertThat(location(client.post(base + "/blobs/uploads/" + end))).startsWith(base + "/blobs/uploads/")
        .matches(query.isEmpty() ? "[^&]*" : ".*&ns=hub");
  }

  @ParameterizedTest
  @CsvSource({"/v2/hub/all/app,''", "/hub/v2/all/app,''", "/v2/all/app,ns=hub", "/v2/mirror/app,''"})
  void aPushGoesAlongTheLocationsItIsGiven(String base, String query) {
    Client client = stack.client();
    String end = query.isEmpty() ? "" : "?" + query;
    byte[] blob = Image.random(1, 4_000);
    Reply begun = client.post(base + "/blobs/uploads/" + end);
    Reply patched = client.sendChunked("PATCH", location(begun), blob);
    assertThat(patched.status()).isEqualTo(202);
    Reply put = client.send("PUT", with(location(patched), Digest.sha256(blob)), NOTHING);
    assertThat(put.status()).as(put.text()).isEqualTo(201);
    assertThat(location(put)).isEqualTo(base + "/blobs/" + Digest.sha256(blob) + end);
    assertThat(client.get(location(put)).body()).isEqualTo(blob);
    Reply mounted = client.post(base + "/blobs/uploads/?mount=" + Digest.sha256(blob) + "&from=all/app"
        + (query.isEmpty() ? "" : "&" + query));
    assertThat(mounted.status()).isEqualTo(201);
    assertThat(location(mounted)).isEqualTo(location(put));
  }

  @Test
  void pagesOfTagsGoOnInTheSameForm() {
    Image image = Image.oci("pages");
    List.of("a", "b", "c").forEach(tag -> stack.provide("mirror/app", tag, image));
    assertThat(stack.client().get("/hub/v2/" + PATH + "/tags/list?n=2").header("Link"))
        .contains("</hub/v2/all/app/tags/list?last=b&n=2>; rel=\"next\"");
    assertThat(stack.client().get("/v2/" + PATH + "/tags/list?ns=hub&n=2").header("Link"))
        .contains("</v2/all/app/tags/list?last=b&n=2&ns=hub>; rel=\"next\"");
  }

  @Test
  void aHostThatIsNotConfiguredIsNeverAskedFor() {
    assertError(stack.client().get("/v2/all/app/manifests/v1?ns=evil.example"), 404, "NAME_UNKNOWN");
    assertError(stack.client().post("/evil.example/v2/all/app/blobs/uploads/"), 404, "NAME_UNKNOWN");
    assertError(stack.client().get("/hub/v2/all/app/manifests/v1?ns=evil.example"), 400, "NAME_INVALID");
    Digest digest = stack.client().push("mirror/app", Image.random(1, 10));
    assertThat(stack.client().post("/v2/all/app/blobs/uploads/?ns=hub&from=evil.example/x&mount=" + digest).status())
        .isIn(201, 202);
    assertThat(stack.upstream().log()).noneMatch(line -> line.contains("evil"));
  }

  @Test
  void aTagCannotBePushedToANameThatFollowsItsUpstream() {
    Image image = Image.oci("denied");
    image.blobs().forEach(blob -> stack.client().push("hub/all/app", blob.bytes()));
    for (String form : List.of("hub/all/app/manifests/v1", "all/app/manifests/v1?ns=hub")) {
      assertError(stack.client().send("PUT", "/v2/" + form, image.content(), "Content-Type: " + image.type()), 403,
          "DENIED");
    }
    assertThat(stack.client().putManifest("hub/all/app", image.digest(), image.type(), image.content()).status())
        .isEqualTo(201);
  }
}
