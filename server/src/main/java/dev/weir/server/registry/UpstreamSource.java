package dev.weir.server.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.budget.Budget;
import dev.weir.server.cache.Source;
import dev.weir.server.upstream.BlobStream;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.server.upstream.UpstreamRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** A blob out of one repository at one host. */
record UpstreamSource(UpstreamRegistry host, boolean isMirror, RepositoryName repository, Digest digest,
    Budget budget)
    implements
      Source {
  /** All hosts of all repositories: those in trouble after the others, else in their order. */
  static List<Source> of(List<UpstreamRepository> repositories, Digest digest) {
    List<Source> well = new ArrayList<>();
    List<Source> inTrouble = new ArrayList<>();
    for (UpstreamRepository repository : repositories) {
      List<UpstreamRegistry> hosts = repository.upstream().client().hosts();
      for (UpstreamRegistry host : hosts) {
        boolean isMirror = !host.equals(hosts.getLast());
        (host.isDown() ? inTrouble : well).add(new UpstreamSource(host, isMirror, repository.path(), digest,
            repository.upstream().budget()));
      }
    }
    well.addAll(inTrouble);
    return well;
  }

  @Override
  public String name() {
    return host.name();
  }

  @Override
  public Bytes open(long from) throws IOException {
    return open(from, Long.MAX_VALUE);
  }

  @Override
  public Bytes open(long from, long to) throws IOException {
    try {
      return new StreamBytes(host.blob(repository, digest, from, to));
    } catch (UpstreamException e) {
      if (e.isPassing()) {
        throw new Busy(e, e.retryAfter());
      }
      throw switch (e.kind()) {
        case ABSENT, DENIED -> UpstreamAnswers.blob(e);
        // in the middle of a blob, being asked to wait is no reason to give up what came
        case RATE_LIMITED -> from > 0 ? e : UpstreamAnswers.blob(e);
        case FAILED, TIMED_OUT -> e;
      };
    }
  }

  private record StreamBytes(BlobStream stream) implements Bytes {
    @Override
    public OptionalLong size() {
      return stream.size() < 0 ? OptionalLong.empty() : OptionalLong.of(stream.size());
    }

    @Override
    public long offset() {
      return stream.offset();
    }

    @Override
    public boolean takesRanges() {
      return stream.takesRanges();
    }

    @Override
    public Optional<ByteBuffer> next() throws IOException {
      return stream.next();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
