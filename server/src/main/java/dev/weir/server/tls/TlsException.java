package dev.weir.server.tls;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** A certificate, a key or a CA cannot be used; the message is a sentence that names the file and the reason. */
public final class TlsException extends IOException {
  public TlsException(String sentence) {
    this(sentence, null);
  }

  public TlsException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
