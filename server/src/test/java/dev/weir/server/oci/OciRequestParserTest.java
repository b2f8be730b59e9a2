package dev.weir.server.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.oci.OciRequest.InRepository;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class OciRequestParserTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE",
      "CONNECT", "get", "");

  private static OciRequest parse(String method, String path) throws RegistryException {
    return OciRequestParser.parse(method, path, Map.of());
  }

  private static RegistryException refused(String method, String path, Map<String, String> query) {
    return catchThrowableOfType(RegistryException.class, () -> OciRequestParser.parse(method, path, query));
  }

  /** Path, query, and what each method makes of it; every other method is refused. */
  static Stream<Arguments> endpoints() {
    RepositoryAddress ab = RepositoryAddress.of(RepositoryName.parse("a/b"));
    Digest digest = Digest.parse(DIGEST);
    Tag tag = Tag.parse("v1");
    Optional<Digest> none = Optional.empty();
    var ping = new OciRequest.Ping();
    var catalog = new OciRequest.Catalog(Page.ALL);
    var byTag = new OciRequest.GetManifest(ab, tag);
    var byDigest = new OciRequest.GetManifest(ab, digest);
    var list = new OciRequest.ListTags(ab, Page.ALL);
    var referrers = new OciRequest.ListReferrers(ab, digest, Optional.empty());
    var start = new OciRequest.StartUpload(ab, none, none, Optional.empty());
    var status = new OciRequest.UploadStatus(ab, "s1");
    return Stream.of(
        Arguments.of("/v2/", Map.of(), Map.of("GET", ping, "HEAD", ping)),
        Arguments.of("/v2", Map.of(), Map.of("GET", ping, "HEAD", ping)),
        Arguments.of("/quay.io/v2/", Map.of(), Map.of("GET", ping, "HEAD", ping)),
        Arguments.of("/v2/_catalog", Map.of(), Map.of("GET", catalog, "HEAD", catalog)),
        Arguments.of("/v2/a/b/manifests/v1", Map.of(),
            Map.of("GET", byTag, "HEAD", byTag, "PUT", new OciRequest.PutManifest(ab, tag), "DELETE",
                new OciRequest.DeleteManifest(ab, tag))),
        Arguments.of("/v2/a/b/manifests/" + DIGEST, Map.of(),
            Map.of("GET", byDigest, "HEAD", byDigest, "PUT", new OciRequest.PutManifest(ab, digest), "DELETE",
                new OciRequest.DeleteManifest(ab, digest))),
        Arguments.of("/v2/a/b/blobs/" + DIGEST, Map.of(),
            Map.of("GET", new OciRequest.GetBlob(ab, digest), "HEAD", new OciRequest.HeadBlob(ab, digest), "DELETE",
                new OciRequest.DeleteBlob(ab, digest))),
        Arguments.of("/v2/a/b/blobs/uploads/", Map.of(), Map.of("POST", start)),
        Arguments.of("/v2/a/b/blobs/uploads", Map.of(), Map.of("POST", start)),
        Arguments.of("/v2/a/b/blobs/uploads/", Map.of("digest", DIGEST),
            Map.of("POST", new OciRequest.StartUpload(ab, Optional.of(digest), none, Optional.empty()))),
        Arguments.of("/v2/a/b/blobs/uploads/", Map.of("mount", DIGEST, "from", "c/d"),
            Map.of("POST",
                new OciRequest.StartUpload(ab, none, Optional.of(digest), Optional.of(RepositoryName.parse("c/d"))))),
        Arguments.of("/v2/a/b/blobs/uploads/", Map.of("mount", DIGEST, "from", ""),
            Map.of("POST", new OciRequest.StartUpload(ab, none, Optional.of(digest), Optional.empty()))),
        Arguments.of("/v2/a/b/blobs/uploads/s1", Map.of("digest", DIGEST),
            Map.of("GET", status, "HEAD", status, "PATCH", new OciRequest.PatchUpload(ab, "s1"), "PUT",
                new OciRequest.FinishUpload(ab, "s1", digest), "DELETE", new OciRequest.CancelUpload(ab, "s1"))),
        Arguments.of("/v2/a/b/tags/list", Map.of(), Map.of("GET", list, "HEAD", list)),
        Arguments.of("/v2/a/b/tags/list", Map.of("n", "5", "last", "v1"),
            Map.of("GET", new OciRequest.ListTags(ab, new Page(OptionalInt.of(5), "v1")), "HEAD",
                new OciRequest.ListTags(ab, new Page(OptionalInt.of(5), "v1")))),
        Arguments.of("/v2/a/b/referrers/" + DIGEST, Map.of(), Map.of("GET", referrers, "HEAD", referrers)),
        Arguments.of("/v2/a/b/referrers/" + DIGEST, Map.of("artifactType", "x/y"),
            Map.of("GET", new OciRequest.ListReferrers(ab, digest, Optional.of("x/y")), "HEAD",
                new OciRequest.ListReferrers(ab, digest, Optional.of("x/y")))));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("endpoints")
  void everyEndpointKnowsItsMethodsAndNoOther(String path, Map<String, String> query, Map<String, OciRequest> answers)
      throws RegistryException {
    for (String method : METHODS) {
      if (answers.containsKey(method)) {
        assertThat(OciRequestParser.parse(method, path, query)).isEqualTo(answers.get(method));
      } else {
        RegistryException e = refused(method, path, query);
        assertThat(e.code()).as(method).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(e.status()).isEqualTo(405);
      }
    }
  }

  @ParameterizedTest(name = "{0} is of {1}")
  @CsvSource({
      "/v2/a/manifests/v1, a",
      "/v2/a/b/c/d/e/manifests/v1, a/b/c/d/e",
      "/v2/manifests/manifests/v1, manifests",
      "/v2/manifests/tags/list, manifests",
      "/v2/manifests/tags/tags/list, manifests/tags",
      "/v2/manifests/tags/manifests/list, manifests/tags",
      "/v2/a/blobs/uploads/manifests/v1, a/blobs/uploads",
      "/v2/a/blobs/uploads/tags/list, a/blobs/uploads",
      "/v2/blobs/manifests/uploads, blobs",
      "/v2/v2/manifests/v2, v2",
      "/v2/quay.io/a/manifests/v1, quay.io/a"
  })
  void aRepositoryMayBeNamedLikeAnEndpoint(String path, String name) throws RegistryException {
    assertThat(((InRepository) parse("GET", path)).repository().name()).hasToString(name);
  }

  @ParameterizedTest(name = "{0} {1} is {2} of {3}")
  @CsvSource({
      "POST, /v2/a/blobs/uploads/blobs/uploads/, StartUpload, a/blobs/uploads",
      "POST, /v2/a/blobs/uploads/blobs/uploads, StartUpload, a/blobs/uploads",
      "POST, /v2/uploads/blobs/uploads/, StartUpload, uploads",
      "POST, /v2/blobs/blobs/uploads/, StartUpload, blobs",
      "PATCH, /v2/a/blobs/uploads/manifests, PatchUpload, a",
      "PATCH, /v2/a/blobs/uploads/uploads, PatchUpload, a",
      "PATCH, /v2/blobs/uploads/blobs/uploads/x, PatchUpload, blobs/uploads"
  })
  void anUploadIsToldFromARepositoryThatIsNamedLikeOne(String method, String path, String kind, String name)
      throws RegistryException {
    OciRequest request = parse(method, path);
    assertThat(request.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(((InRepository) request).repository().name()).hasToString(name);
  }

  @Test
  void theHostAndTheNamespaceAreCarriedAlong() throws RegistryException {
    OciRequest request = OciRequestParser.parse("GET", "/quay.io/v2/a/b/tags/list", Map.of("ns", "docker.io"));
    assertThat(((InRepository) request).repository())
        .isEqualTo(
            new RepositoryAddress(RepositoryName.parse("a/b"), Optional.of("quay.io"), Optional.of("docker.io")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1/", "/v2/a", "/v2/a/b", "/v2/a/b/c", "/v2//", "/v2/_catalog/", "/v2/a/tags/other",
      "/v2/a/manifests/v1/", "/v2/a/manifests", "/v2/blobs/uploads/x", "/v2/blobs/uploads/", "/a/b/v2/c/manifests/v1",
      "/V2/a/manifests/v1"})
  void whatIsNoPathOfTheApiIsUnknown(String path) {
    assertThat(refused("GET", path, Map.of()).code()).isEqualTo(ErrorCode.NAME_UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "a/B", "..", "a/../b", ".", "a/./b", "_a", "a/_layers/b", "a//b", "a b", "a\u0000b",
      "-a",
      "a-", "a..b", "a___b", "a:5000/b", "ä", "a\nb", "a\\b", "a%2fb", "https:/x"})
  void aBadNameIsNamed(String name) {
    RegistryException e = refused("GET", "/v2/" + name + "/manifests/v1", Map.of());
    assertThat(e.code()).isEqualTo(ErrorCode.NAME_INVALID);
    assertThat(e.sentence()).doesNotContain("\n").doesNotContain("\u0000");
  }

  @Test
  void anEndlessPathIsRefusedInAShortSentence() {
    for (String path : List.of("/v2/" + "a".repeat(20_000) + "/manifests/v1", "/" + "a".repeat(20_000),
        "/v2/" + "a/".repeat(10_000) + "manifests/v1", "/v2/a/blobs/sha256:" + "0".repeat(20_000))) {
      assertThat(refused("GET", path, Map.of()).sentence()).hasSizeLessThan(300);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:", "sha256:abc", "sha1:" + "da39a3ee5e6b4b0d3255bfef95601890afd80709", "md5:00", "v1",
      "sha256", ""})
  void aBadDigestIsNamed(String digest) {
    assertThat(refused("GET", "/v2/a/blobs/" + digest, Map.of()).code()).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(refused("GET", "/v2/a/referrers/" + digest, Map.of()).code()).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(refused("PUT", "/v2/a/blobs/uploads/s", Map.of("digest", digest)).code())
        .isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(refused("POST", "/v2/a/blobs/uploads/", Map.of("mount", digest)).code())
        .isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  @Test
  void upperCaseHexIsNoDigest() {
    assertThat(refused("GET", "/v2/a/manifests/sha256:" + "AB".repeat(32), Map.of()).code())
        .isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  @Test
  void anUploadIsNotFinishedWithoutADigest() {
    assertThat(refused("PUT", "/v2/a/blobs/uploads/s", Map.of()).code()).isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  @Test
  void aMountFromABadNameIsRefused() {
    assertThat(refused("POST", "/v2/a/blobs/uploads/", Map.of("mount", DIGEST, "from", "../b")).code())
        .isEqualTo(ErrorCode.NAME_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "-v", "v 1", "ä", ""})
  void whatIsNoTagIsUnknownToReadersAndInvalidToWriters(String tag) {
    assertThat(refused("GET", "/v2/a/manifests/" + tag, Map.of()).code()).isEqualTo(ErrorCode.MANIFEST_UNKNOWN);
    assertThat(refused("PUT", "/v2/a/manifests/" + tag, Map.of()).code()).isEqualTo(ErrorCode.TAG_INVALID);
  }

  @Test
  void aTagHasAtMost128Characters() throws RegistryException {
    assertThat(parse("GET", "/v2/a/manifests/" + "t".repeat(128))).isInstanceOf(OciRequest.GetManifest.class);
    assertThat(refused("PUT", "/v2/a/manifests/" + "t".repeat(129), Map.of()).code()).isEqualTo(ErrorCode.TAG_INVALID);
  }

  @ParameterizedTest(name = "n={0}")
  @CsvSource({"0, 0", "1, 1", "0005, 5", "2147483647, 2147483647", "2147483648, 2147483647",
      "999999999999999999, 2147483647"})
  void aPageMayBeAnySize(String n, int limit) throws RegistryException {
    assertThat(OciRequestParser.parse("GET", "/v2/_catalog", Map.of("n", n)))
        .isEqualTo(new OciRequest.Catalog(new Page(OptionalInt.of(limit), "")));
  }

  @ParameterizedTest(name = "n={0}")
  @ValueSource(strings = {"-1", "+1", "x", " 1", "1.5", "18446744073709551615", "9223372036854775808",
      "99999999999999999999999"})
  void aPageSizeThatIsNoNumberIsRefused(String n) {
    assertThat(refused("GET", "/v2/a/tags/list", Map.of("n", n)).code())
        .isEqualTo(ErrorCode.PAGINATION_NUMBER_INVALID);
  }

  @Test
  void whatTheClientWritesTheServerReads() throws RegistryException {
    RepositoryName name = RepositoryName.parse("a/b");
    Digest digest = Digest.parse(DIGEST);
    RepositoryAddress address = RepositoryAddress.of(name);
    assertThat(parse("GET", RequestPath.ping())).isEqualTo(new OciRequest.Ping());
    assertThat(parse("GET", RequestPath.manifest(name, digest))).isEqualTo(new OciRequest.GetManifest(address, digest));
    assertThat(parse("GET", RequestPath.blob(name, digest))).isEqualTo(new OciRequest.GetBlob(address, digest));
    assertThat(parse("GET", RequestPath.tags(name))).isEqualTo(new OciRequest.ListTags(address, Page.ALL));
    assertThat(parse("GET", RequestPath.referrers(name, digest)))
        .isEqualTo(new OciRequest.ListReferrers(address, digest, Optional.empty()));
  }
}
