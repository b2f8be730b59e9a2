package dev.weir.server.upstream;

import java.nio.channels.ClosedChannelException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** By which whoever waits for a thread ends what that waits in: one thing after the other. Thread-safe. */
final class Leash {
  @GuardedBy("this") private @Nullable Cut held;
  @GuardedBy("this") private boolean isCut;

  /** Ends a connection. */
  @FunctionalInterface
  interface Cut {
    void now();
  }

  /** From now on this is what is cut, instead of what was; at once, if it is too late. */
  void hold(Cut next) throws ClosedChannelException {
    synchronized (this) {
      held = next;
      if (!isCut) {
        return;
      }
    }
    next.now();
    throw new ClosedChannelException();
  }

  void cut() {
    Cut last;
    synchronized (this) {
      isCut = true;
      last = held;
    }
    if (last != null) {
      last.now();
    }
  }
}
