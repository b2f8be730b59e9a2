package dev.weir.server.http;

/** Answers requests. Called on a virtual thread of the request's own, so it may block. */
@FunctionalInterface
public interface RequestHandler {
  /**
   * Gives exactly one answer to {@code exchange}. What is thrown before the answer has begun becomes the answer
   * ({@link ErrorResponse}); what is thrown later cuts the connection.
   */
  void handle(Exchange exchange) throws Exception;
}
