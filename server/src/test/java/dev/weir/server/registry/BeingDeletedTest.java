package dev.weir.server.registry;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients who pull an image while another weir takes it from the bucket: they get it, whether or not it can be kept. */
final class BeingDeletedTest {
  private static final Tag LATEST = Tag.parse("latest");
  private static final RepositoryName KEPT_AS = RepositoryName.parse("quay.io/team/app");

  private final Manifest image = PullThroughRig.image("one");
  private PullThroughRig rig;

  @BeforeEach
  void upstreamHasIt(@TempDir Path directory) {
    rig = new PullThroughRig(directory);
    PullThroughRig.publish(rig.quay, PullThroughRig.UPSTREAMS_NAME, LATEST, image);
  }

  private record Deleting(BlobCare other, boolean mayWait) implements WrappedCare {
    @Override
    public void kept(Digest manifest, ManifestDocument document) throws IOException {
      assertThat(mayWait).as("waits").isTrue();
      keptAtOnce(manifest, document);
    }

    @Override
    public void keptAtOnce(Digest manifest, ManifestDocument document) throws IOException {
      throw new StoreUnavailableException("claim", new IOException("it is being deleted"));
    }
  }

  @Test
  void whatComesFromUpstreamIsPassedThroughAndNotKept() throws IOException {
    rig.isCaredFor(new Deleting(BlobCare.NONE, true));
    assertThat(rig.manifest("quay.io/team/app", image.digest()).content()).isEqualTo(image.content());
    assertThat(rig.manifest("quay.io/team/app", LATEST).content()).isEqualTo(image.content());
    assertThat(rig.manifests.has(KEPT_AS, image.digest())).isFalse();
    assertThat(rig.tags.resolve(KEPT_AS, LATEST)).isEmpty();
  }

  @Test
  void whatIsHeldIsGivenUnderAnotherNameWithoutAWait() throws IOException {
    Manifest _ = rig.manifest("quay.io/team/app", LATEST);
    rig.isCaredFor(new Deleting(BlobCare.NONE, false));
    assertThat(rig.manifest("app", image.digest()).content()).isEqualTo(image.content());
    assertThat(rig.manifests.has(RepositoryName.parse("app"), image.digest())).isFalse();
    assertThat(rig.manifests.has(KEPT_AS, image.digest())).isTrue();
  }
}
