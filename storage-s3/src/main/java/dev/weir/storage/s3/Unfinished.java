package dev.weir.storage.s3;

import java.io.IOException;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

/** An object that arrives in parts, and is not there before the last. */
record Unfinished(Bucket bucket, String key, String id) {
  private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

  static Unfinished begin(Bucket bucket, String key) throws IOException {
    try {
      return new Unfinished(bucket, key,
          bucket.bulk()
              .createMultipartUpload(
                  bucket.writing().with(CreateMultipartUploadRequest.builder().bucket(bucket.name()).key(key)).build())
              .uploadId());
    } catch (SdkException e) {
      throw bucket.failures().of("begin to store " + key, e);
    }
  }

  void complete(List<CompletedPart> parts) throws IOException {
    try {
      bucket.bulk().completeMultipartUpload(
          request -> request.bucket(bucket.name()).key(key).uploadId(id).multipartUpload(all -> all.parts(parts)));
    } catch (SdkException e) {
      throw bucket.failures().of("store " + key + " out of " + parts.size() + " parts", e);
    }
  }

  /** Best effort: what stays behind goes with the next {@link Multipart#abortBegunBefore}. */
  void abort() {
    try {
      bucket.bulk().abortMultipartUpload(request -> request.bucket(bucket.name()).key(key).uploadId(id));
    } catch (SdkException e) {
      LOG.warn("{}", bucket.failures().of("take back the parts of " + key, e).getMessage());
    }
  }
}
