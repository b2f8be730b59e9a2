package dev.weir.server.oci;

/** The error codes of the OCI distribution-spec ("Error Codes") and of distribution, with the status each goes with. */
public enum ErrorCode {
  BLOB_UNKNOWN(404), BLOB_UPLOAD_INVALID(400), BLOB_UPLOAD_UNKNOWN(404), DIGEST_INVALID(400), MANIFEST_BLOB_UNKNOWN(
      404), MANIFEST_INVALID(400), MANIFEST_UNKNOWN(404), NAME_INVALID(400), NAME_UNKNOWN(
          404), PAGINATION_NUMBER_INVALID(400), RANGE_INVALID(416), SIZE_INVALID(400), TAG_INVALID(400), UNAUTHORIZED(
              401), DENIED(403), UNSUPPORTED(405), TOOMANYREQUESTS(429), UNAVAILABLE(503), UNKNOWN(500);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status it goes with, where nothing more exact is known. */
  public int status() {
    return status;
  }
}
