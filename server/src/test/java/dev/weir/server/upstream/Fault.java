package dev.weir.server.upstream;

/** What goes wrong with one answer. Byte positions count from the beginning of that answer's body. */
public sealed interface Fault {
  /** All goes well. */
  record None() implements Fault {}

  /** The connection ends, orderly as far as TCP knows, after this many bytes of the body. */
  record CutAt(long bytes) implements Fault {}

  /** The connection is reset after this many bytes of the body. */
  record ResetAt(long bytes) implements Fault {}

  /** Nothing more comes after this many bytes, and the connection stays open. */
  record StallAt(long bytes) implements Fault {}

  /** Not even a header comes, and the connection stays open. */
  record NoAnswer() implements Fault {}

  /** The connection ends without any answer. */
  record HangUp() implements Fault {}

  /** One bit of this byte is wrong. */
  record FlipAt(long position) implements Fault {}

  /** A ranged request gets the whole body, with a 200. */
  record IgnoreRange() implements Fault {}

  /** The body comes no faster than this. */
  record Slow(long bytesPerSecond) implements Fault {}

  /** Something else is answered, and the request never gets as far as tokens or content. */
  record Instead(MockAnswer answer) implements Fault {}

  static Fault tooManyRequests() {
    return new Instead(MockAnswer.of(429, new byte[0]));
  }

  static Fault tooManyRequests(String retryAfter) {
    return new Instead(MockAnswer.of(429, new byte[0]).with("Retry-After", retryAfter));
  }

  static Fault badGateway() {
    return new Instead(MockAnswer.html(502));
  }
}
