package dev.weir.server.oci;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

/** The paths below {@code /v2/}, as a client of another registry writes them. The inverse of {@link OciRequestParser}. */
public final class RequestPath {
  private RequestPath() {}

  public static String ping() {
    return "/v2/";
  }

  public static String manifest(RepositoryName name, Reference reference) {
    return "/v2/" + name + "/manifests/" + reference;
  }

  public static String blob(RepositoryName name, Digest digest) {
    return "/v2/" + name + "/blobs/" + digest;
  }

  /** Where uploads begin; a session's name follows. */
  public static String uploads(RepositoryName name) {
    return "/v2/" + name + "/blobs/uploads/";
  }

  public static String tags(RepositoryName name) {
    return "/v2/" + name + "/tags/list";
  }

  public static String referrers(RepositoryName name, Digest subject) {
    return "/v2/" + name + "/referrers/" + subject;
  }
}
