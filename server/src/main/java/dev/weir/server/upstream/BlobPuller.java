package dev.weir.server.upstream;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.server.upstream.Call.Header;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** {@code GET /v2/<name>/blobs/<digest>}, whole or from an offset on. */
final class BlobPuller {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final String upstream;
  private final Caller caller;

  BlobPuller(String upstream, Caller caller) {
    this.upstream = upstream;
    this.caller = caller;
  }

  BlobStream pull(RepositoryName repository, Digest digest, long from) throws UpstreamException {
    String action = "pull blob " + digest + " of " + repository + " from " + upstream;
    Reply reply = ask(action, repository, digest, from);
    try {
      return stream(action, reply, from);
    } catch (UpstreamException e) {
      reply.close();
      throw e;
    }
  }

  /** A server that has no byte from there on is asked for the whole: what we have of it is no beginning of it. */
  private Reply ask(String action, RepositoryName repository, Digest digest, long from) throws UpstreamException {
    List<Header> range = from > 0 ? List.of(new Header("Range", "bytes=" + from + "-")) : List.of();
    Reply reply = caller.call(new Call(action, "GET", repository, "blobs/" + digest, range, true));
    if (reply.status() != 416) {
      return reply;
    }
    reply.close();
    return ask(action, repository, digest, 0);
  }

  private static BlobStream stream(String action, Reply reply, long from) throws UpstreamException {
    if (reply.isEncoded()) {
      throw UpstreamException.failed(action, "the answer is compressed, though nobody asked for that");
    }
    return switch (reply.status()) {
      case 200 -> new ReplyBlobStream(action, reply, 0, reply.contentLength().orElse(-1));
      case 206 -> partial(action, reply, from);
      default -> throw UpstreamException.failed(action, "an unexpected " + Failures.words(reply.status()));
    };
  }

  /** Nothing but exactly what was asked for: from there to the end. */
  private static BlobStream partial(String action, Reply reply, long from) throws UpstreamException {
    String stated = reply.header("Content-Range").orElse("");
    Matcher range = CONTENT_RANGE.matcher(stated);
    if (from == 0 || !range.matches() || Long.parseLong(range.group(1)) != from) {
      throw UpstreamException.failed(action, "asked from byte " + from + ", got 206" + Text.inBrackets(stated));
    }
    long end = Long.parseLong(range.group(2)) + 1;
    long size = range.group(3).equals("*") ? end : Long.parseLong(range.group(3));
    OptionalLong length = reply.contentLength();
    if (end != size || end <= from || (length.isPresent() && length.getAsLong() != end - from)) {
      throw UpstreamException.failed(action,
          "asked from byte " + from + " to the end, got 206" + Text.inBrackets(stated));
    }
    return new ReplyBlobStream(action, reply, from, size);
  }
}
