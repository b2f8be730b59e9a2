package dev.weir.server.upstream;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.server.upstream.Call.Header;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** {@code GET /v2/<name>/blobs/<digest>}, whole, or a part. */
final class BlobPuller {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final String upstream;
  private final Caller caller;

  BlobPuller(String upstream, Caller caller) {
    this.upstream = upstream;
    this.caller = caller;
  }

  /** @param to excluded; {@link Long#MAX_VALUE} for all that there is */
  BlobStream pull(RepositoryName repository, Digest digest, long from, long to) throws UpstreamException {
    String action = "pull blob " + digest + " of " + repository + " from " + upstream;
    Reply reply = ask(action, repository, digest, range(from, to));
    try {
      return stream(action, reply, from, to);
    } catch (UpstreamException e) {
      reply.close();
      throw e;
    }
  }

  private static List<Header> range(long from, long to) {
    String end = to == Long.MAX_VALUE ? "" : String.valueOf(to - 1);
    return from == 0 && end.isEmpty() ? List.of() : List.of(new Header("Range", "bytes=" + from + "-" + end));
  }

  /** A server that has no byte from there on is asked for the whole: what we have of it is no beginning of it. */
  private Reply ask(String action, RepositoryName repository, Digest digest, List<Header> range)
      throws UpstreamException {
    Reply reply = caller.call(new Call(action, "GET", repository, "blobs/" + digest, range, true));
    if (reply.status() != 416) {
      return reply;
    }
    reply.close();
    return ask(action, repository, digest, List.of());
  }

  private static BlobStream stream(String action, Reply reply, long from, long to) throws UpstreamException {
    if (reply.isEncoded()) {
      throw UpstreamException.failed(action, "the answer is compressed, though nobody asked for that");
    }
    long length = reply.contentLength().orElse(-1);
    return switch (reply.status()) {
      case 200 -> new ReplyBlobStream(action, reply, 0, length, length);
      case 206 -> partial(action, reply, from, to);
      default -> throw UpstreamException.failed(action, "an unexpected " + Failures.words(reply.status()));
    };
  }

  /** Nothing but exactly what was asked for. */
  private static BlobStream partial(String action, Reply reply, long from, long to) throws UpstreamException {
    String stated = reply.header("Content-Range").orElse("");
    Matcher range = CONTENT_RANGE.matcher(stated);
    boolean wasAsked = from > 0 || to < Long.MAX_VALUE;
    if (!wasAsked || !range.matches() || Long.parseLong(range.group(1)) != from) {
      throw UpstreamException.failed(action, "asked from byte " + from + ", got 206" + Text.inBrackets(stated));
    }
    long end = Long.parseLong(range.group(2)) + 1;
    long size = range.group(3).equals("*") ? (to == Long.MAX_VALUE ? end : -1) : Long.parseLong(range.group(3));
    long wanted = size < 0 ? to : Math.min(size, to);
    OptionalLong length = reply.contentLength();
    if (end != wanted || end <= from || (length.isPresent() && length.getAsLong() != end - from)) {
      throw UpstreamException.failed(action, "asked from byte " + from
          + (to == Long.MAX_VALUE ? " to the end" : " to " + (to - 1)) + ", got 206" + Text.inBrackets(stated));
    }
    return new ReplyBlobStream(action, reply, from, end, size);
  }
}
