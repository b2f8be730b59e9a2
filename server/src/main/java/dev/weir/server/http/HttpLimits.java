package dev.weir.server.http;

import java.time.Duration;

/**
 * How much of its time and memory a server gives to one client.
 *
 * @param requestLineBytes longest request line; more is answered 414
 * @param headerBytes most bytes of all header lines; more is answered 431
 * @param headerTimeout from the first byte of a request to the end of its header
 * @param idleTimeout between requests of a connection
 * @param bodyTimeout between two pieces of a request's body
 * @param writeTimeout how long a client may take nothing of its answer
 * @param discardedBytes how much of a body that no handler wanted is read and thrown away for the sake of the answer
 * @param drainTimeout how long {@link HttpServer#close()} waits for running requests
 * @param manifestBytes longest manifest that may be pushed; more is answered SIZE_INVALID
 * @param connectionsPerAddress at a time; one more is closed. 0: no bound
 */
public record HttpLimits(int requestLineBytes, int headerBytes, Duration headerTimeout, Duration idleTimeout,
    Duration bodyTimeout, Duration writeTimeout, long discardedBytes, Duration drainTimeout,
    int manifestBytes, int connectionsPerAddress) {

  /** For a server that anybody may reach. */
  public static final HttpLimits DEFAULT = new HttpLimits(8 << 10, 32 << 10, Duration.ofSeconds(30),
      Duration.ofMinutes(3), Duration.ofMinutes(5), Duration.ofMinutes(10), 8 << 20, Duration.ofSeconds(10),
      8 << 20, 0);

  public HttpLimits withDrainTimeout(Duration timeout) {
    return new HttpLimits(requestLineBytes, headerBytes, headerTimeout, idleTimeout, bodyTimeout, writeTimeout,
        discardedBytes, timeout, manifestBytes, connectionsPerAddress);
  }

  /** With what can be configured beside that. */
  public HttpLimits with(int header, Duration idle, int manifest, int connections) {
    return new HttpLimits(requestLineBytes, header, headerTimeout, idle, bodyTimeout, writeTimeout, discardedBytes,
        drainTimeout, manifest, connections);
  }
}
