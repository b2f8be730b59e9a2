package dev.weir.storage.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/** Copies objects inside a bucket, large ones in parts, several at a time. Thread-safe. */
record Copying(Bucket bucket, S3Settings.Copies settings) {
  /** @param size of what is copied, in bytes */
  void copy(String from, long size, String to) throws IOException {
    try {
      if (size <= settings.mostAtOnce()) {
        bucket.bulk().copyObject(bucket.writing().with(CopyObjectRequest.builder().sourceBucket(bucket.name())
            .sourceKey(from).destinationBucket(bucket.name()).destinationKey(to)).build());
      } else {
        copyInParts(from, size, to);
      }
    } catch (SdkException e) {
      throw bucket.failures().of("copy " + from + " to " + to, e);
    }
  }

  private void copyInParts(String from, long size, String to) throws IOException {
    Unfinished upload = Unfinished.begin(bucket, to);
    try {
      upload.complete(parts(upload, from, size));
    } catch (IOException | RuntimeException e) {
      upload.abort();
      throw e;
    }
  }

  /** Returns when no thread is at it any more. */
  private List<CompletedPart> parts(Unfinished upload, String from, long size) throws IOException {
    List<Future<CompletedPart>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(settings.places(),
        Thread.ofVirtual().name("part of " + upload.key()).factory())) {
      for (long at = 0; at < size; at += settings.partBytes()) {
        long begin = at;
        int number = parts.size() + 1;
        parts
            .add(threads.submit(() -> part(upload, from, begin, Math.min(size, begin + settings.partBytes()), number)));
      }
    }
    List<CompletedPart> copied = new ArrayList<>();
    for (Future<CompletedPart> part : parts) {
      copied.add(resultOf(part));
    }
    return copied;
  }

  private static CompletedPart resultOf(Future<CompletedPart> part) throws IOException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SdkException failure) {
        throw failure;
      }
      throw new IOException("cannot copy a part", e);
    } catch (InterruptedException e) {
      throw new IOException("stopped while copying", e);
    }
  }

  private CompletedPart part(Unfinished upload, String from, long begin, long end, int number) {
    String tag = bucket.bulk()
        .uploadPartCopy(UploadPartCopyRequest.builder().sourceBucket(bucket.name()).sourceKey(from)
            .copySourceRange("bytes=" + begin + "-" + (end - 1)).destinationBucket(bucket.name())
            .destinationKey(upload.key()).uploadId(upload.id()).partNumber(number).build())
        .copyPartResult().eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }
}
