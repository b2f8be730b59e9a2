package dev.weir.server.http;

import java.time.Duration;

/**
 * A request that is over, for whoever counts and logs.
 *
 * @param path as the client wrote it, without the query
 * @param status 0 if the client was gone before it could be answered
 * @param bytes of the answer's body that were sent
 * @param user who asked, or {@code -}
 */
public record Answer(String method, String path, int status, long bytes, Duration took, String user, String requestId,
    String remote) {}
