package dev.weir.server.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.cache.Space;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.BlobStore;
import dev.weir.storage.Digest;
import dev.weir.storage.HalfUploads;
import dev.weir.storage.RepositoryName;

/**
 * The upload sessions. Each is one file in a directory of its own, so that all of them survive a restart; to whom one
 * belongs stands in the address that its client holds, under weir's seal.
 *
 * <p>Thread-safe.
 */
public final class Uploads implements AutoCloseable {
  /** What nearly every client sends; a digest of another algorithm is made by reading the upload once more. */
  static final Digest.Algorithm HASHED_ON_THE_WAY = Digest.Algorithm.SHA256;

  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** Uploads whose files stay open between requests. Whoever comes back to one that was closed has it read again. */
  private static final int MOST_OPEN = 256;

  /** After the last request that came to this process. */
  private static final Duration LOCAL_COPY_KEPT = Duration.ofMinutes(5);

  private final Path directory;
  private final BlobStore blobs;
  private final Space space;
  private final Optional<HalfUploads> shared;
  private final Seal seal;
  private final InstantSource clock;
  private final Custody custody;
  /** Those touched since the start; a session not in here may still have a file. */
  private final ConcurrentMap<String, Upload> touched = new ConcurrentHashMap<>();

  private final AtomicInteger openFiles = new AtomicInteger();

  /** @param directory on the store's file system, so that a finished upload is only renamed */
  public Uploads(Path directory, BlobStore blobs, Seal seal, InstantSource clock) {
    this(directory, blobs, Space.UNBOUNDED, Optional.empty(), seal, clock, Custody.NONE);
  }

  /**
   * The sessions.
   *
   * @param directory on the store's file system, so that a finished upload is only renamed
   * @param space that everything that comes has to find
   * @param shared where other processes that the same client may come to find what was taken; the files here are copies then
   * @param custody told of each blob that is stored
   */
  public Uploads(Path directory, BlobStore blobs, Space space, Optional<HalfUploads> shared, Seal seal,
      InstantSource clock, Custody custody) {
    this.space = space;
    this.shared = shared;
    this.custody = custody;
    this.directory = directory;
    this.blobs = blobs;
    this.seal = seal;
    this.clock = clock;
  }

  /** Begins an upload. */
  public Upload start() throws IOException {
    space.take(0);
    String session = UUID.randomUUID().toString();
    Files.createDirectories(directory);
    if (shared.isPresent()) {
      shared.get().begin(session, clock.instant());
    }
    Files.createFile(path(session));
    Upload upload = touched.computeIfAbsent(session, this::upload);
    upload.touch(clock.instant());
    return upload;
  }

  /** The {@code _state} that goes into an upload's address. */
  public String state(RepositoryName name, Upload upload, String owner) throws IOException {
    return seal.of(name, upload.session(), owner);
  }

  /**
   * The upload behind an address.
   *
   * @throws RegistryException BLOB_UPLOAD_UNKNOWN if it has ended, or the address is not one that weir gave to this user
   */
  public Upload find(RepositoryName name, String session, String owner, String state) throws IOException {
    if (!SESSION.matcher(session).matches() || !seal.isOf(name, session, owner, state)) {
      throw unknown();
    }
    if (openFiles.get() >= MOST_OPEN) {
      rest();
    }
    return alive(session);
  }

  private boolean isElsewhere(String session) throws IOException {
    return shared.isPresent() && shared.get().pieces(session).isPresent();
  }

  /** Looks at the file last: an upload that ends loses its file before it is forgotten, and must not come up again. */
  private Upload alive(String session) throws IOException {
    Upload upload = touched.computeIfAbsent(session, this::upload);
    if (!Files.exists(path(session)) && !isElsewhere(session)) {
      touched.remove(session, upload);
      throw unknown();
    }
    upload.touch(clock.instant());
    return upload;
  }

  /**
   * Ends an upload with its last bytes: verified, durable, and linked to the repository when this returns.
   *
   * @throws RegistryException DIGEST_INVALID: the upload is gone
   * @throws IOException otherwise: it goes on as it was before the request, which can be sent again
   */
  public void finish(RepositoryName name, Upload upload, UploadBody last, OptionalLong start, Digest digest)
      throws IOException {
    try {
      upload.finish(last, start, digest, (verified, bytes) -> {
        custody.claim(digest);
        verified.storeIn(blobs);
        custody.claim(digest); // storing may have taken long
        link(name, digest, bytes);
        Files.deleteIfExists(path(upload.session()));
      });
    } finally {
      if (upload.hasEnded()) {
        cancel(upload);
      }
    }
  }

  /** The upload's bytes are counted as the blob's before the link asks for room; without the link they are the upload's again. */
  private void link(RepositoryName name, Digest digest, long bytes) throws IOException {
    space.give(bytes);
    try {
      blobs.link(name, digest);
    } catch (IOException | RuntimeException e) {
      space.give(-bytes);
      throw e;
    }
  }

  /** Ends an upload and throws its bytes away. */
  public void cancel(Upload upload) throws IOException {
    upload.end();
    forget(upload.session());
    if (shared.isPresent()) {
      shared.get().end(upload.session());
    }
  }

  private void forget(String session) throws IOException {
    long bytes = Files.exists(path(session)) ? Files.size(path(session)) : 0;
    Files.deleteIfExists(path(session));
    space.give(bytes);
    touched.remove(session);
  }

  /** Closes the files of uploads that no request is writing to; where others keep what was taken, it also removes them. */
  public void tidy() throws IOException {
    rest();
    if (shared.isPresent()) {
      Instant before = clock.instant().minus(LOCAL_COPY_KEPT);
      for (Upload upload : touched.values()) {
        if (upload.leaveIfUntouchedSince(before)) {
          touched.remove(upload.session(), upload);
        }
      }
    }
  }

  /** Closes the files of uploads that no request is writing to; the next request opens and reads them again. */
  void rest() throws IOException {
    for (Upload upload : touched.values()) {
      upload.restIfIdle();
    }
  }

  /** After the server that takes them; sessions go on in another process. */
  @Override
  public void close() throws IOException {
    rest();
  }

  /** How many uploads have their file open. */
  int openFiles() {
    return openFiles.get();
  }

  /** Throws away what nobody has touched for {@code age}. */
  public void purge(Duration age) throws IOException {
    Instant before = clock.instant().minus(age);
    for (Path file : files()) {
      String session = String.valueOf(file.getFileName());
      if (isOlder(file, before) && touched.computeIfAbsent(session, this::upload).endIfUntouchedSince(before)) {
        LOG.info("upload {} is thrown away: untouched for {}", session, age);
        forget(session);
      }
    }
    if (shared.isPresent()) {
      purge(shared.get(), before);
    }
  }

  private static void purge(HalfUploads shared, Instant before) throws IOException {
    for (String session : shared.untouchedSince(before)) {
      LOG.info("upload {} is thrown away: nothing came since {}", session, before);
      shared.end(session);
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> SESSION.matcher(String.valueOf(file.getFileName())).matches()).toList();
    }
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Upload upload(String session) {
    return new Upload(session, path(session), space, shared.map(all -> new SharedHalf(all, session)), openFiles,
        clock.instant());
  }

  private Path path(String session) {
    return directory.resolve(session);
  }

  static RegistryException unknown() {
    return new RegistryException(ErrorCode.BLOB_UPLOAD_UNKNOWN, "blob upload unknown to registry");
  }
}
