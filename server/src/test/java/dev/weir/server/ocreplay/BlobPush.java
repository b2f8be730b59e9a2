package dev.weir.server.ocreplay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** How oc brings one blob to a repository: in one way below 16 KiB and in another from there on. */
record BlobPush(OcWire wire, OcWatcher watcher, String repository, Optional<String> mountFrom) {
  private static final long SMALL_BELOW_BYTES = 16384;
  /** What Go's Sscanf takes for "%d-%d": whatever follows does not matter. */
  private static final Pattern RANGE = Pattern.compile("(\\d+)-(\\d+)");

  /** What became of a blob. */
  enum Outcome {
    THERE, MOUNTED, SENT
  }

  Outcome push(SyntheticBlob blob) throws IOException {
    return isThere(blob) ? Outcome.THERE : bring(blob);
  }

  /** Anything but the blob or a plain "no" is an error; oc would send it all the same, and hide the trouble. */
  private boolean isThere(SyntheticBlob blob) throws IOException {
    HttpResponse<byte[]> head = wire.head(repository, blob);
    if (head.statusCode() == 404) {
      return false;
    }
    requireStated(head, blob);
    return true;
  }

  private Outcome bring(SyntheticBlob blob) throws IOException {
    boolean small = blob.size() < SMALL_BELOW_BYTES;
    String query = small ? "" : mountFrom.map(from -> "?from=" + from + "&mount=" + blob.digest()).orElse("");
    HttpResponse<byte[]> started = wire.post(repository, query);
    if (started.statusCode() == 201 && !query.isEmpty()) {
      return confirmed(blob, Outcome.MOUNTED);
    }
    require(202, started);
    URI location = send(blob, location(started));
    if (!small) {
      cancel(location);
    }
    return Outcome.SENT;
  }

  /** Returns the last address of the upload. */
  private URI send(SyntheticBlob blob, URI upload) throws IOException {
    HttpResponse<byte[]> patched = wire.patch(upload, blob.content());
    require(202, patched);
    requireRange(patched, blob.size());
    URI location = location(patched);
    String join = location.getRawQuery() == null ? "?" : "&";
    HttpResponse<byte[]> put = wire.put(URI.create(location + join + "digest=" + blob.digest()));
    require(201, put);
    requireDigest(put, blob);
    watcher.stored(blob.digest());
    confirmed(blob, Outcome.SENT);
    return location;
  }

  private Outcome confirmed(SyntheticBlob blob, Outcome outcome) throws IOException {
    requireStated(wire.head(repository, blob), blob);
    return outcome;
  }

  /** oc does so after every upload, finished or not. */
  private void cancel(URI location) throws IOException {
    HttpResponse<byte[]> answer = wire.delete(location);
    if (answer.statusCode() != 404 && answer.statusCode() != 204) {
      throw new OcError(answer, "an upload that has ended is cancelled with 404 or 204");
    }
  }

  private static void requireStated(HttpResponse<byte[]> head, SyntheticBlob blob) throws IOException {
    require(200, head);
    if (head.headers().firstValueAsLong("Content-Length").orElse(-1) != blob.size()) {
      throw new OcError(head, "Content-Length is not " + blob.size());
    }
    requireDigest(head, blob);
  }

  private static void requireDigest(HttpResponse<byte[]> answer, SyntheticBlob blob) throws IOException {
    if (!answer.headers().firstValue("Docker-Content-Digest").equals(Optional.of(blob.digest().toString()))) {
      throw new OcError(answer, "Docker-Content-Digest is not " + blob.digest());
    }
  }

  private static void requireRange(HttpResponse<byte[]> patched, long size) throws IOException {
    Matcher range = RANGE.matcher(patched.headers().firstValue("Range").orElse(""));
    if (!range.lookingAt() || Long.parseLong(range.group(1)) != 0
        || Long.parseLong(range.group(2)) != Math.max(0, size - 1)) {
      throw new OcError(patched, "Range is not that of " + size + " bytes");
    }
  }

  private static URI location(HttpResponse<byte[]> answer) throws IOException {
    String location = answer.headers().firstValue("Location")
        .orElseThrow(() -> new OcError(answer, "there is no Location"));
    return answer.uri().resolve(location);
  }

  static void require(int status, HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() != status) {
      throw new OcError(answer, "expected " + status + ", and not " + new String(answer.body(), UTF_8));
    }
  }
}
