package dev.weir.server.http;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** The connection is of no more use: nobody is there to be answered. */
final class ClientGone extends IOException {
  ClientGone(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The same, thrown by another thread. */
  static ClientGone because(@Nullable Throwable cause) {
    return cause instanceof ClientGone gone
        ? new ClientGone(String.valueOf(gone.getMessage()), gone)
        : new ClientGone("the answer could not be written: " + cause, cause);
  }
}
