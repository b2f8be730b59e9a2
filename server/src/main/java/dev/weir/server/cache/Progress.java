package dev.weir.server.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import dev.weir.server.budget.Urgency;
import dev.weir.server.oci.Asker;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

/**
 * How far a download has come: written by its thread, awaited by its readers.
 *
 * <p>Its life: the spool is attached; the size becomes known; bytes become visible, the last ones only when
 * {@link #verified} is called; it ends, with a failure or without. After that nobody can join, but who is a reader may
 * read on whatever is visible.
 */
final class Progress {
  /** How much of the end is held back until the digest matched, in bytes; of a smaller blob, all. */
  static final long HELD_BACK_BYTES = 64 * 1024;
  private static final long NEARLY_DONE_BYTES = 1 << 20;

  private final Digest digest;
  @GuardedBy("this") private @Nullable Spool spool;
  /** In bytes; -1 as long as it is not known. */
  @GuardedBy("this") private long size = -1;
  /** How many bytes readers may see. Never shrinks. */
  @GuardedBy("this") private long visible;
  /** How many clients wait for the size, or read. */
  @GuardedBy("this") private int clients;
  @GuardedBy("this") private boolean isOnlyForJobs = Asker.current().isJob();
  @GuardedBy("this") private @Nullable IOException failure;
  @GuardedBy("this") private boolean ended;

  Progress(Digest digest) {
    this.digest = digest;
  }

  synchronized void attach(Spool opened) {
    spool = opened;
  }

  /**
   * Takes the size from an answer, -1 if it has none. An empty body is complete with its headers, so a size of 0 counts
   * as unknown until the digest matched.
   */
  synchronized void learnSize(long stated) throws IOException {
    if (stated >= 0 && size >= 0 && size != stated) {
      throw new IOException("the size of " + digest + " changed from " + size + " to " + stated + " bytes");
    }
    if (stated > 0) {
      size = stated;
    }
    notifyAll();
  }

  /** In bytes; -1 as long as it is not known. */
  synchronized long size() {
    return size;
  }

  /** So much is written, and not verified. */
  synchronized void show(long written) {
    visible = Math.max(visible, Math.min(written, size - HELD_BACK_BYTES));
    notifyAll();
  }

  /** How many bytes readers may see. */
  synchronized long visible() {
    return visible;
  }

  /** Whether readers may have seen a byte. */
  synchronized boolean isVisible() {
    return visible > 0;
  }

  /** The digest matched: so much is all of it. */
  synchronized void verified(long written) {
    size = written;
    visible = written;
    notifyAll();
  }

  synchronized void fail(IOException cause) {
    failure = cause;
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits until the size is known, and opens a reader. Empty: the download has ended well; look in the store again.
   *
   * @throws IOException if it failed, or said nothing within {@code patience}
   */
  synchronized Optional<BlobBody> openReader(Duration patience) throws IOException {
    int client = Asker.current().isJob() ? 0 : 1;
    clients += client;
    isOnlyForJobs &= client == 0;
    Optional<BlobBody> reader = Optional.empty();
    try {
      reader = awaitReader(patience, client);
    } finally {
      clients -= reader.isPresent() ? 0 : client;
    }
    return reader;
  }

  /** @param clients how many it counts for */
  synchronized void readerLeft(int clients) {
    this.clients -= clients;
  }

  /** How far it is, as far as anybody may know. */
  synchronized Downloads.Arriving arriving(String source) {
    return new Downloads.Arriving(digest, size, visible, clients, source);
  }

  /** How urgent more bytes are. */
  synchronized Urgency urgency() {
    if (clients == 0) {
      return isOnlyForJobs ? Urgency.JOB : Urgency.BACKGROUND;
    }
    return size >= 0 && size - visible <= NEARLY_DONE_BYTES ? Urgency.CLIENT_NEARLY_DONE : Urgency.CLIENT;
  }

  private synchronized Optional<BlobBody> awaitReader(Duration patience, int client) throws IOException {
    awaitSize(Deadline.in(patience));
    if (failure == null && !ended && spool != null && spool.retain()) {
      return Optional.of(new GrowingBody(this, spool, size, client));
    }
    while (!ended) { // its spool is closed: the end is near
      await(0);
    }
    if (failure != null) {
      throw again(failure);
    }
    return Optional.empty();
  }

  /** Whether it has failed. If so, waits until nobody can find it any more, which is at once. */
  synchronized boolean hasFailed() throws IOException {
    while (failure != null && !ended) {
      await(0);
    }
    return failure != null;
  }

  private synchronized void awaitSize(Deadline deadline) throws IOException {
    while (size < 0 && !ended) {
      if (deadline.isOver()) {
        throw RegistryException.gatewayTimeout("pull " + digest + ": upstream gave no answer in time", null);
      }
      await(deadline.left().toMillis() + 1);
    }
  }

  /** Waits until more than {@code offset} bytes are visible; returns how many are. */
  synchronized long awaitBeyond(long offset) throws IOException {
    while (visible <= offset && !ended) {
      await(0);
    }
    if (visible > offset) {
      return visible;
    }
    throw failure == null ? new IOException(digest + " has only " + size + " bytes") : again(failure);
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop
  private synchronized void await(long millis) throws IOException {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting for " + digest, e);
    }
  }

  /** One failure told to many: each gets an exception of its own, with its own stack trace. */
  private static IOException again(IOException failure) {
    return failure instanceof RegistryException answer
        ? answer.again()
        : new IOException(failure.getMessage(), failure);
  }
}
