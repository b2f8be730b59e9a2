package dev.weir.storage.s3;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.netty.bootstrap.Bootstrap;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

/**
 * Objects in a bucket, which any number of processes write to at once. Asks for nothing but what s3:GetObject,
 * PutObject, DeleteObject, AbortMultipartUpload, ListMultipartUploadParts, ListBucket, GetBucketLocation and
 * ListBucketMultipartUploads permit.
 *
 * <p>It differs from other stores in this: no object has a local file; a large one that is deleted or replaced while it is
 * open may fail to be read on, and never gives other bytes; of several who delete an object at once each may be told that it
 * was there; one object may lie below another. Whatever keeps the bucket from answering is a
 * {@link StoreUnavailableException}, after a few tries.
 */
public final class S3ObjectStore implements ObjectStore {
  /** What is read of an object when it is opened. */
  private static final int BEGINNING_BYTES = 256 << 10;
  private static final Duration QUICK_SILENCE = Duration.ofSeconds(5);
  /** A client waits for it: two answers that do not come, and a third try that might. */
  private static final Duration QUICK_CALL = Duration.ofSeconds(12);
  private static final int QUICK_CONNECTIONS = 128;
  private static final AwsRequestOverrideConfiguration SOON = AwsRequestOverrideConfiguration.builder()
      .apiCallTimeout(QUICK_CALL).apiCallAttemptTimeout(QUICK_SILENCE).build();
  /** A server may put together thousands of parts before it says a word. */
  private static final Duration BULK_SILENCE = Duration.ofSeconds(60);
  private static final int BULK_CONNECTIONS = 256;
  private static final ObjectKey UPLOADS = new ObjectKey("weir/uploads");
  private static final ObjectKey BLOBS = new ObjectKey("docker/registry/v2/blobs");

  private final Bucket bucket;
  private final Keys keys;
  private final Multipart multipart;
  private final Copying copying;
  private final long largestAtOnce;
  private final Optional<Addresses> addresses;
  private final Optional<Shortcut> shortcut;

  private S3ObjectStore(Bucket bucket, S3Settings settings, Optional<Addresses> addresses,
      Optional<Shortcut> shortcut) {
    this.shortcut = shortcut;
    this.bucket = bucket;
    this.addresses = addresses;
    this.keys = new Keys(settings.rootDirectory());
    this.largestAtOnce = settings.writing().partBytes();
    this.multipart = new Multipart(bucket, largestAtOnce);
    this.copying = new Copying(bucket, settings.writing().copies());
  }

  /**
   * Asks the bucket for nothing yet.
   *
   * @param redirects whether it gives out addresses of its objects
   * @throws IOException if something that the settings name cannot be used
   */
  public static S3ObjectStore open(S3Settings settings, boolean redirects) throws IOException {
    return open(settings, redirects, Optional.empty(), List.of());
  }

  /**
   * The same for a server, which passes objects on as they arrive.
   *
   * @param sockets on which event loops, and of which kind, they do; closed after the store
   */
  public static S3ObjectStore open(S3Settings settings, boolean redirects, Bootstrap sockets) throws IOException {
    return open(settings, redirects, Optional.of(sockets), List.of());
  }

  /** @param watching are told of each call of the SDK's */
  static S3ObjectStore open(S3Settings settings, boolean redirects, Optional<Bootstrap> sockets,
      List<ExecutionInterceptor> watching) throws IOException {
    Connections connections = new Connections(settings, watching);
    try {
      S3Client quick = connections.open(QUICK_SILENCE, QUICK_CONNECTIONS, Optional.of(QUICK_CALL));
      S3Client bulk = connections.open(BULK_SILENCE, BULK_CONNECTIONS);
      Bucket bucket = new Bucket(settings.bucket(), quick, bulk, SOON, new WrittenAs(settings.writing()),
          new Failures(described(settings)));
      return new S3ObjectStore(bucket, settings,
          redirects ? Optional.of(connections.addressesForClients()) : Optional.empty(),
          sockets.isPresent() ? Optional.of(connections.shortcut(sockets.get())) : Optional.empty());
    } catch (SdkException e) {
      throw new IOException("cannot use the bucket " + described(settings) + ": " + e.getMessage(), e);
    }
  }

  static String described(S3Settings settings) {
    return settings.bucket() + settings.endpoint().address().map(at -> " at " + at)
        .orElse(" in " + settings.endpoint().region());
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key) throws IOException {
    String name = keys.of(key);
    return bucket.beginning(name, BEGINNING_BYTES).map(found -> new OpenObject(found.size(), found.bytes(),
        bucket.rest(name, found.entityTag())));
  }

  @Override
  public Optional<StoredObject> open(ObjectKey key, long from, long to) throws IOException {
    String name = keys.of(key);
    try {
      return bucket.coming(name, from, to).map(found -> new ComingObject(found.size(), found.bytes(), from,
          Math.min(to, found.size()), bucket.rest(name, found.entityTag())));
    } catch (AwsServiceException e) { // there is no such byte
      return open(key);
    }
  }

  @Override
  public Optional<StoredObject> openArriving(ObjectKey key) throws IOException {
    String name = keys.of(key);
    Optional<Shortcut.Found> found = shortcut.flatMap(way -> way.ask(name));
    return found.isPresent()
        ? found
            .map(object -> new ArrivingObject(object.size(), object.arrival(), bucket.rest(name, object.entityTag())))
        : open(key, 0, Long.MAX_VALUE);
  }

  @Override
  public OptionalLong size(ObjectKey key) throws IOException {
    Optional<Bucket.Beginning> found = bucket.beginning(keys.of(key), 1);
    return found.isPresent() ? OptionalLong.of(found.get().size()) : OptionalLong.empty();
  }

  @Override
  public Optional<byte[]> get(ObjectKey key) throws IOException {
    return bucket.whole(keys.of(key));
  }

  @Override
  public Optional<URI> address(ObjectKey key) throws IOException {
    try {
      return addresses.map(all -> all.of(keys.of(key)));
    } catch (SdkException e) {
      throw bucket.failures().of("sign an address of " + key, e);
    }
  }

  @Override
  public void putFile(ObjectKey key, Path file) throws IOException {
    String name = keys.of(key);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long size = channel.size();
      if (size <= largestAtOnce) {
        bucket.put(name, FileSlice.body(channel, 0, size), true);
      } else {
        multipart.put(name, channel, size);
      }
    }
    Files.delete(file);
  }

  @Override
  public void putBytes(ObjectKey key, byte[] value) throws IOException {
    bucket.put(keys.of(key), RequestBody.fromBytes(value), false);
  }

  @Override
  public boolean putIfAbsent(ObjectKey key, byte[] value) throws IOException {
    Optional<Boolean> made = bucket.putIfAbsent(keys.of(key), RequestBody.fromBytes(value));
    return made.isPresent() ? made.get() : ObjectStore.super.putIfAbsent(key, value);
  }

  @Override
  public boolean delete(ObjectKey key) throws IOException {
    boolean isThere = size(key).isPresent();
    if (isThere) {
      bucket.delete(keys.of(key));
    }
    return isThere;
  }

  /** Inside the bucket; no byte comes here. */
  @Override
  public boolean copy(ObjectKey from, ObjectKey to) throws IOException {
    OptionalLong size = size(from);
    if (size.isPresent()) {
      copying.copy(keys.of(from), size.getAsLong(), keys.of(to));
    }
    return size.isPresent();
  }

  @Override
  public Optional<Instant> written(ObjectKey key) throws IOException {
    return bucket.beginning(keys.of(key), 1).flatMap(Bucket.Beginning::written);
  }

  @Override
  public Stream<Child> children(ObjectKey prefix, String after) throws IOException {
    Listing listing = new Listing(bucket, keys.below(prefix), after).begin();
    return StreamSupport
        .stream(Spliterators.spliteratorUnknownSize(listing, Spliterator.ORDERED | Spliterator.NONNULL), false);
  }

  /**
   * Takes back the parts of blobs and of uploads that somebody began to store before then, and never came to the end with: a process that
   * was killed. Returns how many there were.
   */
  public int abortUploadsBegunBefore(Instant then) throws IOException {
    return multipart.abortBegunBefore(then, keys.below(BLOBS)) + multipart.abortBegunBefore(then, keys.below(UPLOADS));
  }

  @Override
  public void close() {
    shortcut.ifPresent(Shortcut::close);
    addresses.ifPresent(Addresses::close);
    bucket.quick().close();
    bucket.bulk().close();
  }
}
