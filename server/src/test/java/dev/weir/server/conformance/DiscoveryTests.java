package dev.weir.server.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static dev.weir.server.conformance.Client.assertError;
import static dev.weir.server.conformance.Client.json;
import static dev.weir.server.conformance.Client.texts;
import static org.assertj.core.api.Assertions.assertThat;

/** OCI distribution-spec v1.1, "Content discovery", and distribution's catalogue. */
interface DiscoveryTests extends OnStack {
  Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  @Test
  default void tagsAreListedInByteOrderWholeOrPageByPage() {
    String repository = stack().fresh();
    Image image = Image.oci("tags");
    List<String> tags = List.of("10", "9", "Z", "_x", "a", "a-b", "a.b", "b");
    tags.forEach(tag -> stack().provide(repository, tag, image));
    String list = "/v2/" + repository + "/tags/list";
    JsonNode all = json(client().get(list));
    assertThat(all.propertyStream().map(field -> field.getKey()).toList()).containsExactly("name", "tags");
    assertThat(all.path("name").asText()).isEqualTo(repository);
    assertThat(texts(all.path("tags"))).isEqualTo(tags);
    assertThat(pages(list + "?n=3", "tags")).containsExactly(tags.subList(0, 3), tags.subList(3, 6),
        tags.subList(6, 8));
    assertThat(pages(list + "?n=4", "tags")).hasSize(2);
    assertThat(texts(json(client().get(list + "?n=2&last=Y")).path("tags"))).containsExactly("Z", "_x");
    assertThat(texts(json(client().get(list + "?last=b")).path("tags"))).isEmpty();
    assertThat(texts(json(client().get(list + "?n=999999999999")).path("tags"))).isEqualTo(tags);
    assertThat(texts(json(client().get(list + "?n=0")).path("tags"))).isEmpty();
  }

  /** As a client follows them. */
  private List<List<String>> pages(String first, String field) {
    List<List<String>> pages = new ArrayList<>();
    for (Optional<String> next = Optional.of(first); next.isPresent();) {
      Reply reply = client().get(next.get());
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      pages.add(texts(json(reply).path(field)));
      next = reply.header("Link").map(link -> {
        Matcher matcher = NEXT.matcher(link);
        assertThat(matcher.matches()).as(link).isTrue();
        return matcher.group(1);
      });
    }
    return pages;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "1.5", "99999999999999999999"})
  default void aPageSizeThatIsNoNumberIsRefused(String n) {
    String repository = stack().fresh();
    stack().provide(repository, "v1", Image.oci("n"));
    assertError(client().get("/v2/" + repository + "/tags/list?n=" + n), 400, "PAGINATION_NUMBER_INVALID");
  }

  @Test
  default void theCatalogueShowsEveryRepositoryOnceHoweverItIsPaged() {
    String base = stack().fresh();
    for (String name : List.of(base, base + "/deep/er/than/eight/com/po/nents/go", base + "-x", base + "2")) {
      client().push(name, "v1", Image.oci("catalogue"));
    }
    JsonNode whole = json(client().get("/v2/_catalog"));
    assertThat(whole.propertyStream().map(field -> field.getKey()).toList()).containsExactly("repositories");
    List<String> all = texts(whole.path("repositories"));
    assertThat(all).doesNotHaveDuplicates().containsSubsequence(base, base + "/deep/er/than/eight/com/po/nents/go",
        base + "-x", base + "2");
    assertThat(pages("/v2/_catalog?n=1", "repositories").stream().flatMap(List::stream).toList()).isEqualTo(all);
    assertThat(pages("/v2/_catalog?n=" + all.size(), "repositories")).containsExactly(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../..", "a//b", "%00", "/", "%C3%BC%C3%BC", "a/_layers/b", "~"})
  default void theCatalogueMayBeAskedForWhatFollowsAnything(String last) {
    assertThat(client().get("/v2/_catalog?n=5&last=" + last).status()).isEqualTo(200);
    assertThat(client().get("/v2/_catalog?n=5&last=" + last + "a".repeat(300)).status()).isEqualTo(200);
    assertThat(client().get("/v2/_catalog?n=5&last=" + "a/".repeat(3_000) + last).status()).isEqualTo(200);
  }

  @Test
  default void aRepositoryWithoutTagsHasAnEmptyListAndNotNull() {
    String repository = stack().fresh();
    client().push(repository, Image.random(1, 10));
    assertThat(client().get("/v2/" + repository + "/tags/list").text())
        .isEqualTo("{\"name\":\"" + repository + "\",\"tags\":[]}");
  }

  @Test
  default void referrersAreListedWithWhatTheySayOfThemselves() {
    String repository = stack().fresh();
    Digest subject = client().push(repository, "v1", Image.oci("referred"));
    Image sbom = Image.artifact("sbom", "application/spdx+json", subject);
    Image signature = Image.artifact("signature", "application/x-signature", subject);
    for (Image image : List.of(sbom, signature)) {
      image.blobs().forEach(blob -> client().push(repository, blob.bytes()));
      Reply put = client().putManifest(repository, image.digest(), image.type(), image.content());
      assertThat(put.header("OCI-Subject")).contains(subject.toString());
    }
    Reply all = client().get("/v2/" + repository + "/referrers/" + subject);
    assertThat(all.status()).isEqualTo(200);
    assertThat(all.header("Content-Type")).contains(MediaTypes.OCI_INDEX);
    assertThat(all.header("OCI-Filters-Applied")).isEmpty();
    assertThat(json(all).path("mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(digests(all)).containsExactlyInAnyOrder(sbom.digest().toString(), signature.digest().toString());

    Reply some = client().get("/v2/" + repository + "/referrers/" + subject + "?artifactType=application/spdx%2Bjson");
    assertThat(some.header("OCI-Filters-Applied")).contains("artifactType");
    JsonNode only = json(some).path("manifests");
    assertThat(only).hasSize(1);
    assertThat(only.path(0).path("digest").asText()).isEqualTo(sbom.digest().toString());
    assertThat(only.path(0).path("size").asInt()).isEqualTo(sbom.content().length);
    assertThat(only.path(0).path("mediaType").asText()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(only.path(0).path("artifactType").asText()).isEqualTo("application/spdx+json");
    assertThat(only.path(0).path("annotations").path("made-for").asText()).isEqualTo("sbom");
  }

  private static List<String> digests(Reply reply) {
    return json(reply).path("manifests").valueStream().map(found -> found.path("digest").asText()).toList();
  }

  @Test
  default void whatRefersToSomethingThatIsNotHereIsListedToo() {
    String repository = stack().fresh();
    Digest absent = Digest.sha256(Image.random(77, 7));
    assertThat(digests(client().get("/v2/" + repository + "/referrers/" + absent))).isEmpty();
    Image early = Image.artifact("early", "a/b", absent);
    Digest digest = client().push(repository, "early", early);
    assertThat(digests(client().get("/v2/" + repository + "/referrers/" + absent))).containsExactly(digest.toString());
    assertThat(client().delete("/v2/" + repository + "/manifests/" + digest).status()).isEqualTo(202);
    assertThat(digests(client().get("/v2/" + repository + "/referrers/" + absent))).isEmpty();
    assertError(client().get("/v2/" + repository + "/referrers/nothing"), 400, "DIGEST_INVALID");
  }
}
