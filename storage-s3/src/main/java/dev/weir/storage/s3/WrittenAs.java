package dev.weir.storage.s3;

import java.util.Optional;

import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What goes with every object that is written, in one request or in several. */
record WrittenAs(S3Settings.Writing settings) {
  private static final String TYPE = "application/octet-stream";

  PutObjectRequest.Builder with(PutObjectRequest.Builder request) {
    settings.storageClass().ifPresent(request::storageClass);
    settings.acl().ifPresent(request::acl);
    encryption().ifPresent(request::serverSideEncryption);
    key().ifPresent(request::ssekmsKeyId);
    return request.contentType(TYPE);
  }

  CopyObjectRequest.Builder with(CopyObjectRequest.Builder request) {
    settings.storageClass().ifPresent(request::storageClass);
    settings.acl().ifPresent(request::acl);
    encryption().ifPresent(request::serverSideEncryption);
    key().ifPresent(request::ssekmsKeyId);
    return request;
  }

  CreateMultipartUploadRequest.Builder with(CreateMultipartUploadRequest.Builder request) {
    settings.storageClass().ifPresent(request::storageClass);
    settings.acl().ifPresent(request::acl);
    encryption().ifPresent(request::serverSideEncryption);
    key().ifPresent(request::ssekmsKeyId);
    return request.contentType(TYPE);
  }

  private Optional<ServerSideEncryption> encryption() {
    return switch (settings.encryption()) {
      case S3Settings.BucketsOwn own -> Optional.empty();
      case S3Settings.StoreKeys keys -> Optional.of(ServerSideEncryption.AES256);
      case S3Settings.KmsKey key -> Optional.of(ServerSideEncryption.AWS_KMS);
    };
  }

  private Optional<String> key() {
    return settings.encryption() instanceof S3Settings.KmsKey key ? Optional.of(key.id()) : Optional.empty();
  }
}
