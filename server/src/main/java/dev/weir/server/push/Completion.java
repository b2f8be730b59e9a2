package dev.weir.server.push;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.Asker;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.BlobFetch;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Content;
import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;
import dev.weir.storage.IncompleteImages.Image;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/**
 * Fetches what pushed images still lack, in the background, until they are complete: one thread an image, few at work at
 * once. What is begun is written down first, and taken up again after a restart. Thread-safe.
 */
public final class Completion implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Completion.class);
  private static final int MOST_AT_WORK = 4;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS_AT_THE_CLOCK = Duration.ofSeconds(1);

  private final Content content;
  private final Registry registry;
  private final BooleanSupplier isJobTime;
  private final Set<Image> running = ConcurrentHashMap.newKeySet();
  private final Semaphore atWork = new Semaphore(MOST_AT_WORK);
  private volatile boolean stopping;

  /** @param isJobTime whether it may fetch now */
  public Completion(Content content, Registry registry, BooleanSupplier isJobTime) {
    this.content = content;
    this.registry = registry;
    this.isJobTime = isJobTime;
  }

  /** Takes up what an earlier process left. */
  public void resume() throws IOException {
    for (Image image : content.incomplete().all()) {
      start(image);
    }
  }

  /** Writes down that the image is to be completed. Before the image itself is stored, so that no crash hides it. */
  void note(Image image) throws IOException {
    content.incomplete().add(image);
  }

  /** How many are not complete. */
  public int pending() throws IOException {
    return content.incomplete().all().size();
  }

  /** Begins with an image that was noted. */
  void start(Image image) {
    if (running.add(image)) {
      Thread.ofVirtual().name("complete " + image).start(Asker.JOB.bound(() -> {
        untilComplete(image);
        running.remove(image);
        restartIfNotedAgain(image);
      }));
    }
  }

  /** A push may have noted it between our last look and our leaving. */
  private void restartIfNotedAgain(Image image) {
    try {
      if (!stopping && content.incomplete().contains(image)) {
        start(image);
      }
    } catch (IOException e) {
      LOG.warn("{} may not be complete, which is looked at again at the next start: {}", image, e.getMessage());
    }
  }

  private void untilComplete(Image image) {
    Duration pause = FIRST_PAUSE;
    while (!stopping) {
      try {
        attempt(image);
        return;
      } catch (IOException | RuntimeException e) {
        LOG.warn("{} is not complete yet: {}; trying again in {} s", image, e.getMessage(), pause.toSeconds());
      }
      sleep(pause);
      pause = Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
    }
  }

  private void attempt(Image image) throws IOException {
    awaitJobTime();
    atWork.acquireUninterruptibly();
    try {
      Optional<Manifest> manifest = content.manifests().get(image.name(), image.digest());
      if (manifest.isPresent()) {
        complete(image.name(), ManifestDocument.parse(manifest.get().content()));
        LOG.info("{} is complete", image);
      }
      content.incomplete().remove(image);
    } finally {
      atWork.release();
    }
  }

  /** Each thing once, however often it is named: an index may name another many times over, and so on down. */
  private void complete(RepositoryName name, ManifestDocument document) throws IOException {
    Set<Digest> seen = new HashSet<>();
    Deque<ManifestDocument> todo = new ArrayDeque<>(List.of(document));
    while (!todo.isEmpty()) {
      ManifestDocument next = todo.pop();
      for (Descriptor blob : next.blobs()) {
        if (seen.add(blob.digest())) {
          fetch(name, blob.digest());
        }
      }
      for (Descriptor child : next.manifests()) {
        if (seen.add(child.digest())) {
          child(name, child.digest()).map(Manifest::content).map(ManifestDocument::parse).ifPresent(todo::push);
        }
      }
    }
  }

  /** A child that nobody has stays away: sparse indexes are allowed. */
  private Optional<Manifest> child(RepositoryName name, Digest digest) throws IOException {
    try {
      return Optional.of(registry.manifest(name, digest));
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.MANIFEST_UNKNOWN && e.isConclusive()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void fetch(RepositoryName name, Digest digest) throws IOException {
    if (content.blobs().sizeForWriting(digest).isPresent()) {
      return;
    }
    awaitJobTime();
    new BlobFetch(registry, content.blobs(), () -> stopping).fetch(name, digest);
  }

  /** Whether everything that the document names, and its children name, is here. */
  boolean isComplete(RepositoryName name, ManifestDocument document) throws IOException {
    Set<Digest> seen = new HashSet<>();
    Deque<ManifestDocument> todo = new ArrayDeque<>(List.of(document));
    while (!todo.isEmpty()) {
      ManifestDocument next = todo.pop();
      for (Descriptor blob : next.blobs()) {
        if (seen.add(blob.digest()) && content.blobs().sizeForWriting(blob.digest()).isEmpty()) {
          return false;
        }
      }
      for (Descriptor child : next.manifests()) {
        if (seen.add(child.digest())) {
          Optional<Manifest> manifest = content.manifests().get(name, child.digest());
          if (manifest.isEmpty()) {
            return false;
          }
          todo.push(ManifestDocument.parse(manifest.get().content()));
        }
      }
    }
    return true;
  }

  private void awaitJobTime() {
    while (!stopping && !isJobTime.getAsBoolean()) {
      sleep(BETWEEN_LOOKS_AT_THE_CLOCK);
    }
  }

  private void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  /** Begins nothing new; what is under way ends with the process, and is taken up again. */
  @Override
  public void close() {
    stopping = true;
  }
}
