package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** A source that gives its bytes when it is told to, and fails as it is told to. It notes where it was opened. */
final class ScriptedSource implements Source {
  private static final int CHUNK = 10_000;

  private final byte[] content;
  @GuardedBy("this") private final Queue<Answer> script = new ArrayDeque<>();
  @GuardedBy("this") private final List<Long> opened = new ArrayList<>();
  @GuardedBy("this") private long given;
  @GuardedBy("this") private long allowed = Long.MAX_VALUE;
  @GuardedBy("this") private boolean mayOpen = true;
  @GuardedBy("this") private boolean mayEnd = true;
  @GuardedBy("this") private boolean atEnd;
  private final AtomicInteger unclosed = new AtomicInteger();

  /** @param content what it gives, right or wrong */
  ScriptedSource(byte[] content) {
    this.content = content;
  }

  /**
   * How one opening goes.
   *
   * @param size as stated; -1 for none
   * @param ignoresFrom begins at 0 whatever is asked
   * @param breakAt the position in the blob at which the connection breaks; -1: never
   */
  record Answer(long size, boolean ignoresFrom, long breakAt, Optional<IOException> refusal) {}

  Answer good() {
    return new Answer(content.length, false, -1, Optional.empty());
  }

  Answer stating(long size) {
    return new Answer(size, false, -1, Optional.empty());
  }

  Answer breakingAt(long position) {
    return new Answer(content.length, false, position, Optional.empty());
  }

  Answer fromTheBeginning(long breakAt) {
    return new Answer(content.length, true, breakAt, Optional.empty());
  }

  Answer refusing(IOException refusal) {
    return new Answer(-1, false, -1, Optional.of(refusal));
  }

  /** The next openings go so; those after them are good. */
  synchronized ScriptedSource then(Answer... answers) {
    script.addAll(List.of(answers));
    return this;
  }

  /** Gives nothing beyond this position until more is allowed. */
  synchronized ScriptedSource allow(long upTo) {
    allowed = upTo;
    notifyAll();
    return this;
  }

  /** Does not answer until {@link #letOpen}. */
  synchronized ScriptedSource holdOpening() {
    mayOpen = false;
    return this;
  }

  synchronized void letOpen() {
    mayOpen = true;
    notifyAll();
  }

  /** Gives all bytes, but does not say that these were all until {@link #letEnd}. */
  synchronized ScriptedSource holdEnd() {
    mayEnd = false;
    return this;
  }

  synchronized void letEnd() {
    mayEnd = true;
    notifyAll();
  }

  synchronized void awaitEndReached() throws InterruptedException {
    while (!atEnd) {
      wait();
    }
  }

  synchronized void awaitOpened() throws InterruptedException {
    while (opened.isEmpty()) {
      wait();
    }
  }

  /** Where it was opened, in order. */
  synchronized List<Long> opened() {
    return List.copyOf(opened);
  }

  /** How many bytes it gave in all. */
  synchronized long given() {
    return given;
  }

  /** How many answers were not closed. */
  int unclosed() {
    return unclosed.get();
  }

  @Override
  public synchronized Bytes open(long from) throws IOException {
    opened.add(from);
    notifyAll();
    while (!mayOpen) {
      await();
    }
    Answer next = script.poll();
    Answer answer = next == null ? good() : next;
    if (answer.refusal().isPresent()) {
      throw answer.refusal().get();
    }
    unclosed.incrementAndGet();
    return new ScriptedBytes(answer, answer.ignoresFrom() ? 0 : from);
  }

  private synchronized Optional<ByteBuffer> take(Answer answer, int position) throws IOException {
    while (position >= allowed && position < content.length) {
      await();
    }
    if (position == answer.breakAt()) {
      throw new IOException("broken at " + position);
    }
    if (position >= content.length) {
      return end();
    }
    long until = Math.min(Math.min(allowed, content.length), position + (long) CHUNK);
    int count = (int) (answer.breakAt() > position ? Math.min(until, answer.breakAt()) : until) - position;
    given += count;
    return Optional.of(ByteBuffer.wrap(content, position, count).slice());
  }

  @GuardedBy("this")
  private Optional<ByteBuffer> end() throws IOException {
    atEnd = true;
    notifyAll();
    while (!mayEnd) {
      await();
    }
    return Optional.empty();
  }

  @SuppressWarnings("WaitNotInLoop") // every caller loops
  private synchronized void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private final class ScriptedBytes implements Bytes {
    private final Answer answer;
    private final long offset;
    private int position;
    private boolean closed;

    ScriptedBytes(Answer answer, long offset) {
      this.answer = answer;
      this.offset = offset;
      this.position = (int) offset;
    }

    @Override
    public OptionalLong size() {
      return answer.size() < 0 ? OptionalLong.empty() : OptionalLong.of(answer.size());
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public Optional<ByteBuffer> next() throws IOException {
      Optional<ByteBuffer> taken = take(answer, position);
      position += taken.map(ByteBuffer::remaining).orElse(0);
      return taken;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        unclosed.decrementAndGet();
      }
    }
  }
}
