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
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Sends large files in parts, several at once: a few for each file, and a bounded number over all files. A part is read
 * from the file as it is sent, so that its size costs no memory. Thread-safe.
 */
final class Multipart {
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
    Unfinished upload = Unfinished.begin(bucket, key);
    try {
      upload.complete(new Parts(upload, file, size).send());
    } catch (IOException | RuntimeException e) {
      upload.abort();
      throw e;
    }
  }

  /** Takes back the uploads to keys below a prefix that somebody began before then, and never ended. Returns how many. */
  int abortBegunBefore(Instant then, String below) throws IOException {
    try {
      int count = 0;
      for (MultipartUpload upload : bucket.quick().listMultipartUploadsPaginator(
          ListMultipartUploadsRequest.builder().bucket(bucket.name()).prefix(below).build()).uploads()) {
        if (upload.initiated() != null && upload.initiated().isBefore(then)) {
          new Unfinished(bucket, upload.key(), upload.uploadId()).abort();
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
    private final Unfinished upload;
    private final String key;
    private final FileChannel file;
    private final long size;
    private final long each;
    private final @Nullable CompletedPart[] sent;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Parts(Unfinished upload, FileChannel file, long size) {
      this.upload = upload;
      this.key = upload.key();
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
          .uploadPart(request -> request.bucket(bucket.name()).key(key).uploadId(upload.id()).partNumber(number),
              FileSlice.body(file, from, Math.min(size, from + each)))
          .eTag();
      return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }
  }
}
