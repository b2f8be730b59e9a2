package dev.weir.server.oci;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * On whose behalf a thread works, as far as that changes what upstream is asked. Bound to the request's thread by the
 * door, and to each thread that fetches by whoever starts it.
 *
 * @param via the weirs behind which the client stands
 * @param heldOnly the request has been here before: two weirs ask each other, and no upstream is to be asked for it
 * @param remarks told of what the client should know beside the answer, before that goes out
 * @param isJob no client waits: it is a job of weir's own, which gives way to clients
 * @param requestId what the request is called in the log, here and by those that are asked for it; empty: there is none
 */
public record Asker(Via via, boolean heldOnly, Consumer<Remark> remarks, boolean isJob, String requestId) {
  /** The header by which servers tell each other. */
  public static final String REQUEST_ID = "X-Request-Id";

  /** What an answer says beside itself. */
  public enum Remark {
    /** Upstream could not confirm that it is still so. */
    STALE
  }

  /** What is done for somebody. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  private static final Asker NOBODY = new Asker(Via.NOBODY, false, remark -> {}, "");
  /** Works in the background. */
  public static final Asker JOB = new Asker(Via.NOBODY, false, NOBODY.remarks(), true, "");
  private static final ScopedValue<Asker> CURRENT = ScopedValue.newInstance();

  /** A client. */
  public Asker(Via via, boolean heldOnly, Consumer<Remark> remarks, String requestId) {
    this(via, heldOnly, remarks, false, requestId);
  }

  /** Of this thread; nobody in particular where none is bound. */
  public static Asker current() {
    return CURRENT.orElse(NOBODY);
  }

  /** The same on a thread that may outlive the request. */
  public Asker detached() {
    return new Asker(via, heldOnly, NOBODY.remarks(), isJob, requestId);
  }

  /** Does {@code work} for this asker, on this thread. */
  public void ask(Work work) throws IOException {
    ScopedValue.where(CURRENT, this).<Boolean, IOException>call(() -> {
      work.run();
      return true;
    });
  }

  /** What a new thread is to do for this asker. */
  public Runnable bound(Runnable work) {
    Asker detached = detached();
    return () -> ScopedValue.where(CURRENT, detached).run(work);
  }
}
