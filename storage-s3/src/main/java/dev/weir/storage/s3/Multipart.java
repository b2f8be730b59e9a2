package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Sends large files in parts, several at once: a few for each file, and a bounded number over all files. A part is read
 * from the file as it is sent, so that its size costs no memory. Thread-safe.
 */
final class Multipart {
  private static final Logger LOG = LoggerFactory.getLogger(Multipart.class);
  private static final int AT_ONCE_PER_FILE = 4;
  private static final int AT_ONCE = 16;
  private static final int MOST_PARTS = 10_000;

  private final Bucket bucket;
  private final long partBytes;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /** @param partBytes of each part but the last; more for files that would need too many */
  Multipart(Bucket bucket, long partBytes) {
    this.bucket = bucket;
    this.partBytes = partBytes;
  }

  /** The object is there when this returns; after an exception nothing of the upload is. */
  void put(String key, FileChannel file, long size) throws IOException {
    String id = begin(key);
    try {
      complete(key, id, new Parts(key, id, file, size).send());
    } catch (IOException | RuntimeException e) {
      abort(key, id);
      throw e;
    }
  }

  private String begin(String key) throws IOException {
    try {
      return bucket.bulk()
          .createMultipartUpload(
              bucket.writing().with(CreateMultipartUploadRequest.builder().bucket(bucket.name()).key(key)).build())
          .uploadId();
    } catch (SdkException e) {
      throw bucket.failures().of("begin to store " + key, e);
    }
  }

  private void complete(String key, String id, List<CompletedPart> parts) throws IOException {
    try {
      bucket.bulk().completeMultipartUpload(
          request -> request.bucket(bucket.name()).key(key).uploadId(id).multipartUpload(all -> all.parts(parts)));
    } catch (SdkException e) {
      throw bucket.failures().of("store " + key + " out of " + parts.size() + " parts", e);
    }
  }

  /** Best effort: what stays behind goes with the next {@link #abortBegunBefore}. */
  private void abort(String key, String id) {
    try {
      bucket.bulk().abortMultipartUpload(request -> request.bucket(bucket.name()).key(key).uploadId(id));
    } catch (SdkException e) {
      LOG.warn("{}", bucket.failures().of("take back the parts of " + key, e).getMessage());
    }
  }

  /** Takes back the uploads to keys below a prefix that somebody began before then, and never ended. Returns how many. */
  int abortBegunBefore(Instant then, String below) throws IOException {
    try {
      int count = 0;
      for (MultipartUpload upload : bucket.quick().listMultipartUploadsPaginator(
          ListMultipartUploadsRequest.builder().bucket(bucket.name()).prefix(below).build()).uploads()) {
        if (upload.initiated() != null && upload.initiated().isBefore(then)) {
          abort(upload.key(), upload.uploadId());
          count++;
        }
      }
      return count;
    } catch (SdkException e) {
      throw bucket.failures().of("list unfinished uploads below " + below, e);
    }
  }

  /** The parts of one file. Its threads take one after another, until there is none or one failed. */
  private final class Parts {
    private final String key;
    private final String id;
    private final FileChannel file;
    private final long size;
    private final long each;
    private final @Nullable CompletedPart[] sent;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Parts(String key, String id, FileChannel file, long size) {
      this.key = key;
      this.id = id;
      this.file = file;
      this.size = size;
      this.each = Math.max(partBytes, (size + MOST_PARTS - 1) / MOST_PARTS);
      this.sent = new CompletedPart[(int) ((size + each - 1) / each)];
    }

    /** Returns when no thread is at it any more, so that nothing arrives after an abort. */
    List<CompletedPart> send() throws IOException {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE_PER_FILE, sent.length); i++) {
        threads.add(Thread.ofVirtual().name("part of " + key).start(this::run));
      }
      for (Thread thread : threads) {
        join(thread);
      }
      throwIfFailed();
      return Arrays.stream(sent).map(Objects::requireNonNull).toList();
    }

    private void join(Thread thread) throws IOException {
      try {
        thread.join();
      } catch (InterruptedException e) {
        failure.compareAndSet(null, e);
        throw new IOException("stopped while storing " + key, e);
      }
    }

    private void throwIfFailed() throws IOException {
      switch (failure.get()) {
        case null -> {}
        case SdkException e -> throw bucket.failures().of("store a part of " + key, e);
        case UncheckedIOException e -> throw bucket.failures().of("store a part of " + key, e);
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IOException("stopped while storing " + key, e);
      }
    }

    @SuppressWarnings("CatchingUnchecked") // told to whoever waits
    private void run() {
      try {
        for (int part = next.getAndIncrement(); part < sent.length && failure.get() == null; part = next
            .getAndIncrement()) {
          places.acquire();
          try {
            sent[part] = send(part);
          } finally {
            places.release();
          }
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }

    private CompletedPart send(int part) {
      long from = part * each;
      int number = part + 1;
      String tag = bucket.bulk()
          .uploadPart(request -> request.bucket(bucket.name()).key(key).uploadId(id).partNumber(number),
              FileSlice.body(file, from, Math.min(size, from + each)))
          .eTag();
      return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }
  }
}
