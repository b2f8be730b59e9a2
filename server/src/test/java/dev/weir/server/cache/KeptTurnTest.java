package dev.weir.server.cache;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

/** How long a download keeps its turn to fetch for all weirs. */
final class KeptTurnTest {
  private static final byte[] CONTENT = DownloadRig.content(300_000);
  private static final Digest DIGEST = Digest.sha256(CONTENT);

  @TempDir private Path directory;
  private final AtomicInteger passed = new AtomicInteger();

  /** Counts how often the turn is given back. */
  private final class Counted implements Replicas.Turn {
    @Override
    public Optional<Source> instead() {
      return Optional.empty();
    }

    @Override
    public void pass() {
      passed.incrementAndGet();
    }
  }

  private static ScriptedSource breaking() {
    ScriptedSource source = new ScriptedSource(CONTENT);
    return source.then(source.breakingAt(100_000));
  }

  private void pull(List<Source> sources) throws Exception {
    try (
        Downloads downloads = new Downloads(new BlobStore(new InMemoryObjectStore()), directory.resolve("partials"),
            new RecordedEvents(), Space.UNBOUNDED,
            Optional.of(Scratch.in(directory.resolve("hot"), List.of(), 1 << 20, "")),
            (digest, growth) -> new Counted(), DownloadRig.QUICK, () -> 0);
        BlobBody body = downloads.join(DIGEST, sources, DownloadRig.LONG)) {
      assertThat(DownloadRig.read(body, 0)).isEqualTo(CONTENT);
    }
  }

  @Test
  void itIsKeptWhileThereIsAnotherToAsk() throws Exception {
    pull(List.of(breaking(), new ScriptedSource(CONTENT)));
    assertThat(passed).hasValue(0);
  }

  @Test
  void itIsGivenBackBeforeAPause() throws Exception {
    pull(List.of(breaking()));
    assertThat(passed).hasValue(1);
  }
}
