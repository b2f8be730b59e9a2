package dev.weir.server.upstream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** A registry in memory that notes what it is asked, and fails or hangs as it is told. */
public final class FakeUpstream implements UpstreamRegistry {
  private final String name;
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<RepositoryName, List<Tag>> tags = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile UpstreamException.@Nullable Kind trouble;
  private volatile boolean down;
  private volatile boolean saysDigests = true;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public FakeUpstream(String name) {
    this.name = name;
  }

  /** FAILED as when nobody is there. */
  public static UpstreamException failure(UpstreamException.Kind kind) {
    UpstreamException failure = new UpstreamException(kind, "pull something from upstream", kind.name());
    return kind == UpstreamException.Kind.FAILED ? failure.asOutage() : failure;
  }

  /** FAILED as when somebody answers with what makes no sense. */
  public static UpstreamException nonsense() {
    return UpstreamException.failed("pull something from upstream", "nonsense");
  }

  public static UpstreamException rateLimited(Duration wait) {
    return failure(UpstreamException.Kind.RATE_LIMITED).retryAfter(wait);
  }

  public void put(RepositoryName repository, Reference reference, Manifest manifest) {
    manifests.put(repository + " " + reference, manifest);
  }

  public void put(RepositoryName repository, byte[] blob) {
    blobs.put(repository + " " + Digest.sha256(blob), blob);
  }

  public void putTags(RepositoryName repository, Tag... names) {
    tags.put(repository, List.of(names));
  }

  /** From now on every call fails so. */
  public void fails(UpstreamException.Kind kind) {
    trouble = kind;
  }

  public void recovers() {
    trouble = null;
  }

  /** From now on it says of itself that it would not answer. */
  public void isTakenForDown() {
    down = true;
  }

  @Override
  public boolean isDown() {
    return down;
  }

  /** HEAD answers without a digest from now on. */
  public void saysNoDigests() {
    saysDigests = false;
  }

  /** Every call waits until {@link #goesOn}. */
  public void hangs() {
    gate = new CountDownLatch(1);
  }

  public void goesOn() {
    gate.countDown();
  }

  /** Since the last call of this. */
  public synchronized List<String> calls() {
    List<String> seen = List.copyOf(calls);
    calls.clear();
    return seen;
  }

  public boolean wasCalled() {
    return !calls.isEmpty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Manifest manifest(RepositoryName repository, Reference reference) throws UpstreamException {
    return answer("GET manifest", repository, reference, manifests);
  }

  @Override
  public Optional<Digest> headManifest(RepositoryName repository, Tag tag) throws UpstreamException {
    Digest digest = answer("HEAD manifest", repository, tag, manifests).digest();
    return saysDigests ? Optional.of(digest) : Optional.empty();
  }

  @Override
  public BlobStream blob(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    return new Bytes(answer("GET blob", repository, digest, blobs), from);
  }

  @Override
  public long blobSize(RepositoryName repository, Digest digest) throws UpstreamException {
    return answer("HEAD blob", repository, digest, blobs).length;
  }

  /** Those among what was put whose subject it is. */
  @Override
  public List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    note("referrers " + repository + " " + subject);
    return manifests.values().stream()
        .filter(manifest -> ManifestDocument.parse(manifest.content()).subject()
            .filter(of -> of.digest().equals(subject)).isPresent())
        .map(Referrer::of).distinct().toList();
  }

  @Override
  public List<Tag> tags(RepositoryName repository) throws UpstreamException {
    note("tags " + repository);
    List<Tag> found = tags.get(repository);
    if (found == null) {
      throw failure(UpstreamException.Kind.ABSENT);
    }
    return found;
  }

  @Override
  public void ping() throws UpstreamException {
    note("ping");
  }

  @Override
  public void close() {}

  private <T> T answer(String what, RepositoryName repository, Reference reference, Map<String, T> from)
      throws UpstreamException {
    note(what + " " + repository + " " + reference);
    T found = from.get(repository + " " + reference);
    if (found == null) {
      throw failure(UpstreamException.Kind.ABSENT);
    }
    return found;
  }

  private void note(String call) throws UpstreamException {
    calls.add(call);
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    UpstreamException.Kind kind = trouble;
    if (kind != null) {
      throw failure(kind);
    }
  }

  private static final class Bytes implements BlobStream {
    private final byte[] content;
    private final long offset;
    private boolean given;

    Bytes(byte[] content, long offset) {
      this.content = content;
      this.offset = offset;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public Optional<ByteBuffer> next() {
      if (given) {
        return Optional.empty();
      }
      given = true;
      return Optional.of(ByteBuffer.wrap(content, (int) offset, content.length - (int) offset));
    }

    @Override
    public void close() {}
  }
}
