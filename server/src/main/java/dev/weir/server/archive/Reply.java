package dev.weir.server.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * A registry's answer, whatever it says. For one thread; the caller closes it, with its body read or not.
 *
 * @param body ends where the answer does
 * @param end gives the connection back
 */
public record Reply(int status, Map<String, String> headers, InputStream body, Closeable end) implements Closeable {
  private static final int MOST_OF_A_SENTENCE = 16 << 10;

  /** @param name in lower case */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  public boolean isGood() {
    return status >= 200 && status <= 299;
  }

  /**
   * All of it.
   *
   * @throws IOException if it is more than {@code most} bytes
   */
  public byte[] read(int most) throws IOException {
    byte[] all = body.readNBytes(most + 1);
    if (all.length > most) {
      throw new IOException("the answer has more than " + most + " bytes");
    }
    return all;
  }

  /**
   * Why an answer is no.
   *
   * @param code of the OCI specification; empty: it gave none
   */
  public record Problem(int status, String code, String message) {
    /** The end of a sentence that says what was asked. */
    @Override
    public String toString() {
      return code.isEmpty() ? "it answered " + status : "it answered " + status + " " + code + ": " + message;
    }
  }

  /** What stands in an answer that is no. Reads the body. */
  public Problem problem() {
    try {
      return OciErrors.read(status, body.readNBytes(MOST_OF_A_SENTENCE));
    } catch (IOException e) {
      return new Problem(status, "", "");
    }
  }

  @Override
  public void close() throws IOException {
    end.close();
  }
}
