package dev.weir.storage.s3;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

import static org.assertj.core.api.Assertions.assertThat;

/** Counts calls by what they are called. */
final class AllowedCalls implements ExecutionInterceptor {
  /** Operations that GetObject, PutObject, DeleteObject and so on permit. */
  private static final Set<String> PERMITTED = Set.of("GetObject", "PutObject", "DeleteObject", "ListObjectsV2",
      "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
      "ListMultipartUploads", "GetBucketLocation", "CopyObject", "UploadPartCopy");

  private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Runnable> before = new ConcurrentHashMap<>();

  /** Runs something just before the first call of an operation. */
  void onFirst(String operation, Runnable action) {
    before.put(operation, action);
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    counts.merge(operation, 1, Integer::sum);
    Runnable action = before.remove(operation);
    if (action != null) {
      action.run();
    }
  }

  Map<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  int of(String operation) {
    return counts.getOrDefault(operation, 0);
  }

  void assertAllPermitted() {
    assertThat(List.copyOf(counts.keySet())).isSubsetOf(PERMITTED);
  }
}
