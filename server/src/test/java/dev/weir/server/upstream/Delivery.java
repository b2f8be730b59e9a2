package dev.weir.server.upstream;

/**
 * Bytes of content that a mock server handed to its socket before the answer ended.
 *
 * @param from inclusive, in the content
 * @param to exclusive
 */
public record Delivery(String path, long from, long to) {
  /** In bytes. */
  public long length() {
    return to - from;
  }
}
