package dev.weir.server.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.Persistence;
import dev.weir.server.cache.RecordedEvents;
import dev.weir.server.cache.Scratch;
import dev.weir.server.cache.Space;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoreUnavailableException;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Blobs of a store far away that are not as long as a manifest says. */
class SuspectBlobsTest {
  private static final RepositoryName NAME = RepositoryName.parse("team/app");
  /** More than are passed on at a time. */
  private static final int MANY = 40;

  @TempDir private Path directory;
  private final Content content = Content.of(new InMemoryObjectStore());
  private final AtomicBoolean isReadable = new AtomicBoolean();
  private Downloads downloads;
  private PullThroughRegistry registry;

  /** Reads the blob, which fails unless it is readable, and finds nothing wrong with it. */
  private final BlobCare care = new WrappedCare() {
    @Override
    public BlobCare other() {
      return BlobCare.NONE;
    }

    @Override
    public boolean isDamaged(Digest digest) throws IOException {
      if (!isReadable.get()) {
        throw new StoreUnavailableException("breaks off", new IOException());
      }
      return false;
    }
  };

  @BeforeEach
  void start() throws IOException {
    downloads = new Downloads(content.blobs(), directory.resolve("partials"), new RecordedEvents(), Space.UNBOUNDED,
        Optional.of(Scratch.in(directory.resolve("hot"), List.of(), 1 << 20)), Persistence.DEFAULT, () -> 0);
    registry = new PullThroughRegistry(new Router(Map.of(), Map.of(), Optional.empty(), name -> false), content,
        downloads, new CachePolicy(new TagPolicy(Duration.ofMinutes(1), false),
            new Patience(Duration.ofSeconds(20), Duration.ofSeconds(20))),
        new PullThroughRegistry.Events(new PullThroughRig.Counts(), new PullThroughRig.Counts()),
        InstantSource.system(), care);
  }

  @AfterEach
  void stop() throws IOException {
    downloads.close();
  }

  private Digest hold(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Digest digest = Digest.sha256(bytes);
    content.blobs().commit(digest, bytes);
    content.blobs().link(NAME, digest);
    return digest;
  }

  private List<Digest> holdMany() throws IOException {
    List<Digest> all = IntStream.range(0, MANY).mapToObj(i -> Digest.sha256(("blob " + i).getBytes(UTF_8))).toList();
    for (int i = 0; i < MANY; i++) {
      hold("blob " + i);
    }
    String layers = String.join(",", all.stream()
        .map(digest -> "{\"mediaType\":\"application/octet-stream\",\"digest\":\"" + digest + "\",\"size\":999}")
        .toList());
    Manifest image = PullThroughRig.manifestOf(
        "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"layers\":[" + layers + "]}");
    content.manifests().putOwned(NAME, image);
    assertThat(registry.manifest(NAME, image.digest()).digest()).isEqualTo(image.digest());
    return all;
  }

  @Test
  void whatCannotBeJudgedKeepsNoPlaceOfWhatIsPassedOn() throws IOException {
    for (Digest digest : holdMany()) {
      assertThatThrownBy(() -> registry.blob(NAME, digest)).isInstanceOf(StoreUnavailableException.class);
    }
    try (BlobBody body = registry.blob(NAME, hold("another"))) {
      assertThat(body.hasFile()).as("passed on").isFalse();
    }
  }

  @Test
  void whatIsFoundToBeSoundIsGiven() throws IOException {
    isReadable.set(true);
    for (Digest digest : holdMany()) {
      try (BlobBody body = registry.blob(NAME, digest)) {
        assertThat(body.size()).isLessThan(999);
      }
    }
  }
}
