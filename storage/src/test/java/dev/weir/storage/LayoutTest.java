package dev.weir.storage;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The paths that registry:2 reads and writes; a change here is a change of what people have on disk. */
class LayoutTest {
  private static final RepositoryName NAME = new RepositoryName("quay.io/app/web");
  private static final Tag TAG = new Tag("v1.0");
  private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final Digest DIGEST = Digest.parse("sha256:" + HEX);
  private static final Digest LONG = Digest.parse("sha512:" + HEX + HEX);

  @Test
  void pathsAreDistributions() {
    String repository = "docker/registry/v2/repositories/quay.io/app/web";
    Map<ObjectKey, String> expected = Map.of( //
        Layout.blob(DIGEST), "docker/registry/v2/blobs/sha256/e3/" + HEX + "/data", //
        Layout.blob(LONG), "docker/registry/v2/blobs/sha512/e3/" + HEX + HEX + "/data", //
        Layout.repository(NAME), repository, //
        Layout.layerLink(NAME, DIGEST), repository + "/_layers/sha256/" + HEX + "/link", //
        Layout.layerLink(NAME, LONG), repository + "/_layers/sha512/" + HEX + HEX + "/link", //
        Layout.revisionLink(NAME, DIGEST), repository + "/_manifests/revisions/sha256/" + HEX + "/link", //
        Layout.tags(NAME), repository + "/_manifests/tags", //
        Layout.tagLink(NAME, TAG), repository + "/_manifests/tags/v1.0/current/link", //
        Layout.tagIndexLink(NAME, TAG, DIGEST), repository + "/_manifests/tags/v1.0/index/sha256/" + HEX + "/link");
    expected.forEach((key, path) -> assertThat(key).hasToString(path));
  }

  @Test
  void whatWeirAddsLiesBesideTheRevision() {
    String revision = "docker/registry/v2/repositories/quay.io/app/web/_manifests/revisions/sha256/" + HEX;
    assertThat(Layout.mediaType(NAME, DIGEST)).hasToString(revision + "/mediatype");
    assertThat(Layout.cachedMark(NAME, DIGEST)).hasToString(revision + "/cached");
    assertThat(Layout.cachedTagMark(NAME, DIGEST, TAG)).hasToString(revision + "/cached-tags/v1.0");
  }
}
