package dev.weir.server.push;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.Persistence;
import dev.weir.server.cache.RecordedEvents;
import dev.weir.server.cache.RememberedStore;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.CachePolicy;
import dev.weir.server.registry.Patience;
import dev.weir.server.registry.PullThroughRegistry;
import dev.weir.server.registry.PullThroughRig;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.Router;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a client goes by when it pushes, before a bucket that was away for a moment: others collect there meanwhile, and what
 * is remembered here may be gone.
 */
class NoWordFromMemoryTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  private static final RepositoryName OTHER = RepositoryName.parse("team/other");
  private static final Tag TAG = Tag.parse("v1");
  private static final byte[] LAYER = Body.random(1, 10);
  private static final Digest BLOB = Digest.sha256(LAYER);
  private static final Manifest IMAGE = Documents.image(LAYER);

  @TempDir private Path directory;
  private final InMemoryObjectStore far = new InMemoryObjectStore();
  private final AtomicBoolean isDown = new AtomicBoolean();
  private final FaultyObjectStore line = new FaultyObjectStore(far).runBeforeAll(call -> isDown.get(), () -> {
    throw new StoreUnavailableException("does not answer", new IOException());
  });
  private final RememberedStore store = new RememberedStore(line, () -> 1); // the moment never ends
  private final Content content = Content.of(store);
  private final Content others = Content.of(far);
  private final Mounts mounts = new Mounts(content.blobs());
  private Registry registry;
  private Completion completion;
  private PushedManifests manifests;

  @BeforeEach
  void push() throws IOException {
    registry = registry();
    completion = new Completion(content, registry, () -> true);
    manifests = new PushedManifests(content, registry, completion);
    content.blobs().commit(BLOB, LAYER);
    content.blobs().link(NAME, BLOB);
    manifests.put(NAME, TAG, IMAGE.mediaType(), IMAGE.content());
    assertThat(content.blobs().linked(NAME, BLOB)).isPresent();
    assertThat(content.blobs().size(BLOB)).isPresent();
    assertThat(registry.manifest(NAME, TAG).digest()).isEqualTo(IMAGE.digest());
  }

  @AfterEach
  void stop() {
    completion.close();
  }

  private Registry registry() {
    Downloads downloads = new Downloads(content.blobs(), directory, new RecordedEvents(), Persistence.DEFAULT, () -> 0);
    CachePolicy policy = new CachePolicy(new TagPolicy(Duration.ofMinutes(1), false),
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    return new PullThroughRegistry(new Router(Map.of(), Map.of(), Optional.empty(), name -> false), content, downloads,
        policy, new PullThroughRegistry.Events(new PullThroughRig.Counts(), new PullThroughRig.Counts()),
        InstantSource.system());
  }

  /** Then it is not asked for a moment, by whoever can be answered from memory. */
  private void refuseOnce() throws IOException {
    isDown.set(true);
    assertThatThrownBy(() -> store.get(new ObjectKey("anything"))).isInstanceOf(StoreUnavailableException.class);
    isDown.set(false);
  }

  @Test
  void aBlobThatOthersTookAwayIsNotSaidToBeThere() throws IOException {
    others.blobs().delete(BLOB);
    refuseOnce();
    assertThat(content.blobs().size(BLOB)).as("what is remembered").isPresent();
    assertNotThere();
  }

  @Test
  void aBlobWhoseLinkOthersTookAwayIsNotSaidToBeThere() throws IOException {
    others.blobs().unlink(NAME, BLOB);
    refuseOnce();
    assertThat(content.blobs().linked(NAME, BLOB)).as("what is remembered").isPresent();
    assertNotThere();
  }

  private void assertNotThere() throws IOException {
    assertThatThrownBy(() -> registry.blobSize(NAME, BLOB)).isInstanceOfSatisfying(RegistryException.class,
        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BLOB_UNKNOWN));
    assertThatThrownBy(() -> manifests.put(NAME, TAG, IMAGE.mediaType(), IMAGE.content())).isInstanceOfSatisfying(
        RegistryException.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN));
    assertThat(mounts.mount(OTHER, BLOB, Optional.of(NAME))).isFalse();
  }

  @Test
  void whileTheBucketIsAwayNothingIsSaidOfBlobsAndManifestsAreGiven() throws IOException {
    isDown.set(true);
    assertThatThrownBy(() -> registry.blobSize(NAME, BLOB)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> manifests.put(NAME, TAG, IMAGE.mediaType(), IMAGE.content()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> mounts.mount(OTHER, BLOB, Optional.of(NAME)))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(registry.manifest(NAME, TAG).digest()).isEqualTo(IMAGE.digest());
    assertThat(registry.manifest(NAME, IMAGE.digest()).content()).isEqualTo(IMAGE.content());
  }
}
