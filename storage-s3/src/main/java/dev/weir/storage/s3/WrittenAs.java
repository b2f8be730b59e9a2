package dev.weir.storage.s3;

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
    switch (settings.encryption()) {
      case S3Settings.BucketsOwn own -> {}
      case S3Settings.StoreKeys keys -> request.serverSideEncryption(ServerSideEncryption.AES256);
      case S3Settings.KmsKey key -> request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key.id());
    }
    return request.contentType(TYPE);
  }

  CopyObjectRequest.Builder with(CopyObjectRequest.Builder request) {
    settings.storageClass().ifPresent(request::storageClass);
    settings.acl().ifPresent(request::acl);
    switch (settings.encryption()) {
      case S3Settings.BucketsOwn own -> {}
      case S3Settings.StoreKeys keys -> request.serverSideEncryption(ServerSideEncryption.AES256);
      case S3Settings.KmsKey key -> request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key.id());
    }
    return request;
  }

  CreateMultipartUploadRequest.Builder with(CreateMultipartUploadRequest.Builder request) {
    settings.storageClass().ifPresent(request::storageClass);
    settings.acl().ifPresent(request::acl);
    switch (settings.encryption()) {
      case S3Settings.BucketsOwn own -> {}
      case S3Settings.StoreKeys keys -> request.serverSideEncryption(ServerSideEncryption.AES256);
      case S3Settings.KmsKey key -> request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key.id());
    }
    return request.contentType(TYPE);
  }
}
