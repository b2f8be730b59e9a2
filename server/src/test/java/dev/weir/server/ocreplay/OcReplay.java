package dev.weir.server.ocreplay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.weir.server.ocreplay.BlobPush.Outcome;
import dev.weir.storage.Digest;

/**
 * What {@code oc adm release mirror} asks of the registry that it mirrors into: a look for every manifest, the blobs of
 * those that are missing, then every manifest under its tag. Six workers; without oc's own limit of five requests a
 * second. Where oc would shrug at a wrong answer and go on, this fails: the point is to find such answers.
 */
public final class OcReplay implements AutoCloseable {
  private static final int WORKERS = 6;

  private final OcWire wire;
  private final OcWatcher watcher;
  private final Optional<String> mountFrom;

  public OcReplay(URI registry, OcWatcher watcher) {
    this(registry, watcher, Optional.empty());
  }

  /** @param mountFrom the source repository, where it is in the same registry */
  public OcReplay(URI registry, OcWatcher watcher, Optional<String> mountFrom) {
    this.wire = new OcWire(registry, watcher);
    this.watcher = watcher;
    this.mountFrom = mountFrom;
  }

  /**
   * What one run did.
   *
   * @param known manifests that were there before
   * @param sentBytes of the {@code sent} blobs
   */
  public record Report(int known, int there, int mounted, int sent, long sentBytes, int manifests) {}

  /** Mirrors the images. */
  public Report mirror(List<SyntheticImage> images, String repository) throws IOException {
    BlobPush.require(200, wire.ping());
    Set<Digest> known = known(images, repository);
    List<SyntheticBlob> blobs = SyntheticRelease.blobs(
        images.stream().filter(image -> !known.contains(image.digest())).toList());
    var sentBytes = new AtomicLong();
    List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    var push = new BlobPush(wire, watcher, repository, mountFrom);
    Workers.run(WORKERS, blobs, blob -> {
      Outcome outcome = push.push(blob);
      outcomes.add(outcome);
      sentBytes.addAndGet(outcome == Outcome.SENT ? blob.size() : 0);
    });
    Workers.run(WORKERS, images, image -> put(image, repository));
    return new Report(known.size(), count(outcomes, Outcome.THERE), count(outcomes, Outcome.MOUNTED),
        count(outcomes, Outcome.SENT), sentBytes.get(), images.size());
  }

  private static int count(List<Outcome> outcomes, Outcome which) {
    return Collections.frequency(outcomes, which);
  }

  private Set<Digest> known(List<SyntheticImage> images, String repository) throws IOException {
    Set<Digest> known = ConcurrentHashMap.newKeySet();
    Workers.run(WORKERS, images, image -> {
      HttpResponse<byte[]> answer = wire.getManifest(repository, image.digest().toString());
      if (answer.statusCode() == 404) {
        return;
      }
      BlobPush.require(200, answer);
      requireManifest(answer, image);
      known.add(image.digest());
    });
    return known;
  }

  private static void requireManifest(HttpResponse<byte[]> answer, SyntheticImage image) throws IOException {
    if (!Arrays.equals(answer.body(), image.manifest())) {
      throw new OcError(answer, "the manifest's bytes are not those of " + image.digest());
    }
    if (!answer.headers().firstValue("Content-Type").equals(Optional.of(SyntheticImage.MEDIA_TYPE))) {
      throw new OcError(answer, "the manifest is not called " + SyntheticImage.MEDIA_TYPE);
    }
  }

  private void put(SyntheticImage image, String repository) throws IOException {
    HttpResponse<byte[]> put = wire.putManifest(repository, image.tag(), SyntheticImage.MEDIA_TYPE, image.manifest());
    BlobPush.require(201, put);
    if (!put.headers().firstValue("Docker-Content-Digest").equals(Optional.of(image.digest().toString()))) {
      throw new OcError(put, "Docker-Content-Digest is not " + image.digest());
    }
    if (put.headers().firstValue("Location").isEmpty()) {
      throw new OcError(put, "there is no Location");
    }
    watcher.stored(image);
  }

  @Override
  public void close() {
    wire.close();
  }
}
