package dev.weir.server.push;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
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

  private final Content content;
  private final Registry registry;
  private final Semaphore atWork = new Semaphore(MOST_AT_WORK);
  private volatile boolean stopping;

  public Completion(Content content, Registry registry) {
    this.content = content;
    this.registry = registry;
  }

  /** Takes up what an earlier process left. */
  public void resume() throws IOException {
    for (Image image : content.incomplete().all()) {
      start(image);
    }
  }

  /** Writes down that the image is to be completed, and begins. */
  void begin(Image image) throws IOException {
    content.incomplete().add(image);
    start(image);
  }

  /** How many are not complete. */
  public int pending() throws IOException {
    return content.incomplete().all().size();
  }

  private void start(Image image) {
    Thread.ofVirtual().name("complete " + image).start(() -> untilComplete(image));
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
      pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void attempt(Image image) throws IOException {
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

  private void complete(RepositoryName name, ManifestDocument document) throws IOException {
    for (Descriptor blob : document.blobs()) {
      fetch(name, blob.digest());
    }
    for (Descriptor child : document.manifests()) {
      Optional<Manifest> manifest = child(name, child.digest());
      if (manifest.isPresent()) {
        complete(name, ManifestDocument.parse(manifest.get().content()));
      }
    }
  }

  /** A child that nobody has stays away: sparse indexes are allowed. */
  private Optional<Manifest> child(RepositoryName name, Digest digest) throws IOException {
    try {
      return Optional.of(registry.manifest(name, digest));
    } catch (RegistryException e) {
      if (e.code() == ErrorCode.MANIFEST_UNKNOWN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void fetch(RepositoryName name, Digest digest) throws IOException {
    if (content.blobs().size(digest).isPresent()) {
      return;
    }
    try (BlobBody body = registry.blob(name, digest)) {
      if (body.size() > 0) {
        body.awaitBeyond(body.size() - 1);
      }
    }
    if (content.blobs().size(digest).isEmpty()) {
      throw new IOException(digest + " has come and is not stored yet");
    }
  }

  /** Whether everything that the document names, and its children name, is here. */
  boolean isComplete(RepositoryName name, ManifestDocument document) throws IOException {
    for (Descriptor blob : document.blobs()) {
      if (content.blobs().size(blob.digest()).isEmpty()) {
        return false;
      }
    }
    for (Descriptor child : document.manifests()) {
      Optional<Manifest> manifest = content.manifests().get(name, child.digest());
      if (manifest.isEmpty() || !isComplete(name, ManifestDocument.parse(manifest.get().content()))) {
        return false;
      }
    }
    return true;
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
