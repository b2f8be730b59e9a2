package dev.weir.server.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.budget.Budget;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;

/**
 * One running fetch of one digest. It has a thread of its own and goes on when every reader has left; readers follow at
 * their own pace and never hold it up.
 *
 * <p>The last bytes are shown to nobody before the digest matched, so that no reader, and no set of readers, completes
 * an unverified blob out of this download; out of several, {@link BlobBody#isWholeOnly} sees to it. Once shown, they stay
 * readable whether or not the store takes the blob.
 */
final class Download {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  private static final long LOOK_AGAIN_MILLIS = 250;
  private static final long SHOWN_AT_ONCE_BYTES = 1 << 20;

  private final Digest digest;
  private final Sources sources;
  private final DownloadPlace place;
  private final Replicas replicas;
  private final Persistence persistence;
  private final Breaks breaks;
  private final Progress progress;
  /** What came was not what the digest says. The download's thread alone. */
  private boolean damaged;
  /** What it takes of the disk. The download's thread alone. */
  private @Nullable Claim claim;
  /** Whose bytes completed what was not what the digest says. The download's thread alone. */
  private final Set<Source> liars = new HashSet<>();
  /** Whose turn it is to fetch. Written by the download's thread. */
  private volatile Replicas.Turn turn = Replicas.Turn.ALONE;
  private volatile boolean isStopped;

  Download(Digest digest, List<Source> sources, DownloadPlace place, Replicas replicas, Persistence persistence,
      RandomGenerator random) {
    this.digest = digest;
    this.sources = new Sources(sources);
    this.place = place;
    this.replicas = replicas;
    this.persistence = persistence;
    this.breaks = new Breaks(persistence, random);
    this.progress = new Progress(digest);
  }

  /** As {@link Progress#openReader}. */
  Optional<BlobBody> openReader(Duration patience) throws IOException {
    return progress.openReader(patience);
  }

  /** As {@link Progress#hasFailed}. */
  boolean hasFailed() throws IOException {
    return progress.hasFailed();
  }

  /** As {@link Sources#offer}. */
  boolean offer(List<Source> more) {
    return sources.offer(more);
  }

  /** How far it is. */
  Downloads.Arriving arriving() {
    return progress.arriving(sources.current().name());
  }

  /** Lets it make no more pauses. */
  void stop() {
    sources.stop();
    isStopped = true;
    turn.stop();
  }

  /** Fetches, verifies and commits, on the download's own thread. Never throws: what went wrong is told by {@link #end}. */
  void run() {
    try {
      if (!place.holds(digest)) {
        fetch();
      }
    } catch (IOException e) {
      progress.fail(e);
    } catch (RuntimeException | Error e) {
      LOG.error("pull {}: ended by a fault in weir", digest, e);
      progress.fail(fault(e));
    } finally {
      sources.end();
    }
  }

  /** Tells readers. Called when nobody can find this download any more, so that whoever tries again begins anew. */
  void end() {
    progress.end();
  }

  private void fetch() throws IOException {
    place.events().started(digest);
    try {
      fetchAndStore();
    } catch (IOException e) {
      place.events().failed(digest, e);
      throw e;
    } catch (RuntimeException | Error e) {
      place.events().failed(digest, fault(e));
      throw e;
    }
    place.events().completed(digest);
  }

  private void fetchAndStore() throws IOException {
    try (Spool spool = place.openSpool(digest)) {
      progress.attach(spool);
      Claim room = new Claim(place.space(), digest, spool);
      claim = room;
      fetchAndStore(spool, room);
    }
  }

  private void fetchAndStore(Spool spool, Claim room) throws IOException {
    boolean isStored = false;
    try {
      turn = replicas.turn(digest, new ShownGrowth(progress, spool));
      if (isStopped) {
        turn.stop();
      }
      place.events().resumed(sources.current().name(), spool.ahead().stretches().bytes());
      if (!isLeftWhole(spool)) {
        fill(spool);
      }
      progress.verified(spool.written());
      place.commit(digest, spool, sources.isStored() || turn.isStored());
      isStored = true;
    } catch (SpoolFailure e) {
      if (NoRoom.isWhy(e)) {
        spool.discard();
      }
      throw e;
    } finally {
      turn.end(isStored);
      room.end();
    }
  }

  /** An earlier download may have ended between its last byte and its commit: no source has anything after that byte. */
  private static boolean isLeftWhole(Spool spool) {
    return spool.written() > 0 && spool.matches();
  }

  /** How one stream ended. */
  private enum End {
    /** All of it is there. */
    WHOLE,
    /** Where a further stream's bytes begin. */
    JOINED,
    /** It gave way to a client, or to the time of the day. */
    GAVE_WAY,
    /** Another is to be asked. */
    TROUBLE
  }

  /** Returns when all of it came and is what the digest says. */
  private void fill(Spool spool) throws IOException {
    Segments segments = new Segments(digest, spool, progress, place.events());
    try {
      fill(spool, segments);
    } finally {
      segments.stop();
    }
  }

  private void fill(Spool spool, Segments segments) throws IOException {
    End end = End.JOINED;
    while (end != End.WHOLE) {
      follow(spool, segments);
      end = spool.written() == progress.size() ? whole(spool, segments) : stream(spool, segments);
      if (end == End.GAVE_WAY) {
        turn.pass();
      }
      if (end == End.TROUBLE) {
        segments.broke(true);
        Optional<IOException> verdict = sources.turn();
        if (verdict.isPresent()) {
          pause(verdict.get(), spool);
        }
      }
    }
  }

  /** Takes in what further streams bring, until there is a gap that is ours to fill. */
  private void follow(Spool spool, Segments segments) throws IOException {
    segments.follows();
    while (spool.ahead().stretches().await(LOOK_AGAIN_MILLIS)) {
      if (spool.takeIn(SHOWN_AT_ONCE_BYTES) > 0) {
        progressed(spool);
      }
      segments.consider();
    }
  }

  private End stream(Spool spool, Segments segments) throws IOException {
    Source source = sources.current();
    Optional<Source> other = Optional.empty();
    try (Budget.Permit permit = source.budget().begin(progress::urgency)) {
      other = source.isOurStore() ? Optional.empty() : turn.instead();
      if (other.isEmpty()) {
        return opened(source, permit, spool, segments);
      }
    } catch (SpoolFailure | NoRoom ours) {
      throw ours;
    } catch (DigestMismatch lie) {
      startAnew(source, spool, segments, lie);
    } catch (RegistryException refusal) {
      sources.out(refusal);
    } catch (IOException broken) {
      if (spool.written() == progress.size()) {
        return whole(spool, segments);
      }
      sources.broke(broken);
      if (spool.written() > 0) {
        LOG.info("pull {}: broken after {} bytes, from {}: {}", digest, spool.written(), source.name(),
            broken.getMessage());
      }
    }
    return other.isPresent() ? detour(other.get(), spool, segments) : End.TROUBLE;
  }

  private End opened(Source source, Budget.Permit permit, Spool spool, Segments segments) throws IOException {
    try (Source.Bytes bytes = Opening.of(source, gap(spool), persistence.silence(), sources::hasAlternative)) {
      return pumped(new Flow(source, bytes, permit), spool, segments);
    }
  }

  private End pumped(Flow flow, Spool spool, Segments segments) throws IOException {
    begin(spool, flow.bytes());
    segments.begins(flow.source(), flow.bytes().takesRanges());
    End end = pump(flow, spool, segments);
    if (end == End.WHOLE) {
      verify(spool);
    }
    return end;
  }

  /** Takes what another weir has. Nothing that goes wrong with that is upstream's fault, or a client's concern. */
  private End detour(Source other, Spool spool, Segments segments) throws IOException {
    try (Budget.Permit permit = other.budget().begin(progress::urgency);
        Source.Bytes bytes = other.open(spool.written(), gap(spool).to())) {
      return pumped(new Flow(other, bytes, permit), spool, segments);
    } catch (SpoolFailure | NoRoom ours) {
      throw ours;
    } catch (DigestMismatch lie) {
      startAnew(other, spool, segments, lie);
    } catch (IOException broken) {
      turn.left(broken);
    }
    return spool.written() == progress.size() ? whole(spool, segments) : End.JOINED;
  }

  private static Span gap(Spool spool) {
    return new Span(spool.written(), spool.ahead().stretches().gapEnd());
  }

  /** The connection broke behind the last byte, or further streams brought that. */
  private End whole(Spool spool, Segments segments) throws IOException {
    try {
      verify(spool);
      return End.WHOLE;
    } catch (DigestMismatch lie) {
      startAnew(sources.current(), spool, segments, lie);
      return End.TROUBLE;
    }
  }

  /**
   * Another source may do better, but not for those who have seen bytes already: theirs may be the wrong ones.
   *
   * @throws DigestMismatch if there are such
   */
  private void startAnew(Source source, Spool spool, Segments segments, DigestMismatch lie) throws IOException {
    segments.stop();
    boolean isOthers = turn.hasGiven();
    liars.add(isOthers ? Replicas.OTHERS : source);
    place.events().refetched(source.name(), spool.written());
    turn.distrust();
    if (progress.isVisible() || !(isOthers || sources.hasAlternative())) {
      damaged = true;
      spool.discard();
      throw lie;
    }
    LOG.warn("{}, from {}; another is asked", lie.getMessage(), isOthers ? "another weir" : source.name());
    if (!isOthers) {
      sources.out(lie);
    }
    spool.clear();
  }

  private void pause(IOException verdict, Spool spool) throws IOException {
    Optional<Duration> pause = sources.mayRecover()
        ? breaks.pauseAfter(verdict, spool.isWanted() || !progress.isVisible())
        : Optional.empty();
    if (pause.isPresent()) {
      turn.pass();
    }
    if (pause.isPresent() ? !sources.pause(pause.get()) : sources.endUnlessOffered()) {
      throw verdict;
    }
  }

  private void begin(Spool spool, Source.Bytes bytes) throws IOException {
    if (bytes.offset() > spool.written()) {
      throw new IOException("asked for bytes from " + spool.written() + " on, and got them from " + bytes.offset());
    }
    requireNoLiarsSize(bytes);
    if (claim != null) {
      claim.size(bytes.size().orElse(-1));
    }
    progress.learnSize(bytes.size().orElse(-1));
    show(spool);
  }

  /** Readers were told a size by somebody who lied: no honest source can give them that, and a new download begins with one. */
  private void requireNoLiarsSize(Source.Bytes bytes) throws RegistryException {
    long told = progress.size();
    if (!liars.isEmpty() && told >= 0 && bytes.size().isPresent() && bytes.size().getAsLong() != told) {
      throw RegistryException
          .badGateway("pull " + digest + ": a source said " + told + " bytes and sent others; this one says "
              + bytes.size().getAsLong() + ", and is asked first by the next try", null);
    }
  }

  /** A stream that runs. */
  private record Flow(Source source, Source.Bytes bytes, Budget.Permit permit) {}

  private End pump(Flow flow, Spool spool, Segments segments) throws IOException {
    long toSkip = spool.written() - flow.bytes().offset();
    for (Optional<ByteBuffer> next = flow.bytes().next(); next.isPresent(); next = flow.bytes().next()) {
      ByteBuffer chunk = next.get();
      received(flow.source(), chunk.remaining(), segments);
      int skipped = (int) Math.min(toSkip, chunk.remaining());
      if (skipped > 0) {
        place.events().refetched(flow.source().name(), skipped);
      }
      toSkip -= skipped;
      chunk.position(chunk.position() + skipped);
      if (chunk.hasRemaining()) {
        spool.append(chunk);
        progressed(spool);
        segments.consider();
      }
      if (chunk.hasRemaining()) {
        place.events().refetched(flow.source().name(), chunk.remaining());
        return End.JOINED;
      }
      if (flow.permit().isOver(progress.urgency())) {
        return End.GAVE_WAY;
      }
    }
    return ended(spool);
  }

  /** Our own waiting is no silence of the source's: it is over before the next byte is waited for. */
  private void received(Source source, int bytes, Segments segments) throws IOException {
    boolean waited = source.budget().spend(bytes, progress::urgency);
    place.events().fetched(source.name(), bytes);
    segments.received(bytes, waited);
  }

  private void progressed(Spool spool) throws IOException {
    breaks.progressed();
    sources.progressed();
    show(spool);
  }

  private End ended(Spool spool) throws IOException {
    if (spool.written() < progress.size() && gap(spool).to() > spool.written()) {
      throw new IOException("the answer ended after " + spool.written() + " of " + progress.size() + " bytes");
    }
    return spool.written() < progress.size() ? End.JOINED : End.WHOLE;
  }

  private void show(Spool spool) throws IOException {
    long size = progress.size();
    if (size >= 0 && spool.written() > size) {
      throw mismatch(spool);
    }
    progress.show(spool.written());
  }

  private IOException fault(Throwable cause) {
    return new IOException("pull " + digest + ": ended by a fault in weir", cause);
  }

  boolean wasDamaged() {
    return damaged;
  }

  /** Those to be asked last by whoever tries again. */
  Set<Source> liars() {
    return liars;
  }

  private void verify(Spool spool) throws IOException {
    if (!spool.matches()) {
      throw mismatch(spool);
    }
  }

  private DigestMismatch mismatch(Spool spool) {
    return new DigestMismatch(digest, spool.written());
  }
}
