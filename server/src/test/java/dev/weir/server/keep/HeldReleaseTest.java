package dev.weir.server.keep;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.ocreplay.SyntheticBlob;
import dev.weir.server.ocreplay.SyntheticImage;
import dev.weir.server.ocreplay.SyntheticRelease;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HeldReleaseTest {
  private static final String RELEASES = "quay.io/openshift-release-dev/ocp-release";
  private static final String COMPONENTS = "quay.io/openshift-release-dev/ocp-v4.0-art-dev";
  private static final SyntheticRelease RELEASE = SyntheticRelease.of("4.16.17",
      new SyntheticRelease.Shape(12, 16, 4096), 1);

  @TempDir Path folder;
  private FsObjectStore store;
  private Content content;

  @BeforeEach
  void open() throws IOException {
    store = new FsObjectStore(folder);
    content = Content.of(store);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private void hold(String repository, SyntheticImage image) throws IOException {
    RepositoryName name = RepositoryName.parse(repository);
    for (SyntheticBlob blob : image.blobs()) {
      try (InputStream bytes = blob.content().get()) {
        content.blobs().commit(blob.digest(), bytes.readAllBytes());
      }
      content.blobs().link(name, blob.digest());
    }
    content.manifests().putOwned(name, new Manifest(SyntheticImage.MEDIA_TYPE, image.digest(), image.manifest()));
    content.tags().setOwned(name, Tag.parse(image.tag()), image.digest());
  }

  private void holdAll(String releases, String components) throws IOException {
    hold(releases, RELEASE.image());
    for (SyntheticImage component : RELEASE.components()) {
      hold(components, component);
    }
  }

  private VerifyReport verify(String release) throws IOException {
    List<String> names = HeldRelease.with(content, List.of(), List.of(release));
    return new Verification(content, new Rehash(content.blobs())::of, 0, Progress.UNSEEN).of(names);
  }

  @Test
  void everyImageThatTheReleaseNamesIsLookedAt() throws IOException {
    holdAll(RELEASES, COMPONENTS);

    for (String name : List.of("4.16.17-x86_64", RELEASE.image().digest().toString(), RELEASES + ":4.16.17-x86_64",
        RELEASES + "@" + RELEASE.image().digest())) {
      VerifyReport report = verify(name);
      assertThat(report.intact()).as(name).isTrue();
      assertThat(report.images()).isEqualTo(12);
    }
  }

  @Test
  void aMirroredReleaseLiesAllInOnePlaceAndIsFoundThere() throws IOException {
    holdAll("ocp4/openshift4", "ocp4/openshift4");

    assertThat(verify("4.16.17-x86_64").intact()).isTrue();
    assertThat(verify("ocp4/openshift4:4.16.17-x86_64").images()).isEqualTo(12);
  }

  @Test
  void aComponentThatIsNotHereIsNamed() throws IOException {
    holdAll(RELEASES, COMPONENTS);
    Digest gone = RELEASE.components().get(3).digest();
    content.manifests().delete(RepositoryName.parse(COMPONENTS), gone);

    VerifyReport report = verify("4.16.17-x86_64");
    assertThat(report.intact()).isFalse();
    assertThat(report.unknown()).containsExactly(COMPONENTS + " " + gone);
  }

  @Test
  void aBlobOfAComponentThatIsNotHereIsNamed() throws IOException {
    holdAll(RELEASES, COMPONENTS);
    SyntheticBlob gone = RELEASE.components().getLast().blobs().getLast();
    content.blobs().delete(gone.digest());

    VerifyReport report = verify("4.16.17-x86_64");
    assertThat(report.intact()).isFalse();
    assertThat(report.missing()).extracting(VerifyReport.Finding::digest).contains(gone.digest().toString());
  }

  @Test
  void aHeldSignatureOfTheReleaseIsLookedAtToo() throws IOException {
    holdAll(RELEASES, COMPONENTS);
    SyntheticImage signature = RELEASE.components().getFirst();
    String tag = "sha256-" + RELEASE.image().digest().hex() + ".sig";
    hold(RELEASES, new SyntheticImage(tag, "signature", signature.config(), signature.layers().subList(0, 1)));

    assertThat(verify("4.16.17-x86_64").images()).isEqualTo(13);
  }

  @Test
  void whatIsNoReleaseOrNotHereIsSaidToBe() throws IOException {
    hold("team/app", RELEASE.components().getFirst());

    assertThatThrownBy(() -> verify("4.16.18-x86_64")).hasMessage("the release 4.16.18-x86_64 is not held");
    assertThatThrownBy(() -> verify("team/app@" + RELEASE.components().getFirst().digest()))
        .hasMessageContaining("no release image: its last layer holds no release-manifests/image-references");
    holdAll(RELEASES, COMPONENTS);
    content.blobs().delete(RELEASE.image().blobs().getLast().digest());
    assertThatThrownBy(() -> verify("4.16.17-x86_64"))
        .hasMessageContaining("the list of the release's images is not here");
  }
}
