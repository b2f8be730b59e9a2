package dev.weir.server.http;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** The connection is of no more use: nobody is there to be answered. */
final class ClientGone extends IOException {
  ClientGone(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
