package dev.weir.storage;

import java.io.IOException;

/**
 * The store does not answer, or refuses for a reason that has nothing to do with what it was asked for: nothing is known of
 * the object, and the same may work later. The message says which store and what happened.
 */
public final class StoreUnavailableException extends IOException {
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
