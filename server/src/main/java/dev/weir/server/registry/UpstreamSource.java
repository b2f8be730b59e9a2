package dev.weir.server.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.weir.server.cache.Source;
import dev.weir.server.upstream.BlobStream;
import dev.weir.server.upstream.UpstreamException;
import dev.weir.storage.Digest;

/** A blob out of the first of some upstream repositories that has it, which is asked anew after each break. */
record UpstreamSource(List<UpstreamRepository> repositories, Digest digest) implements Source {
  @Override
  public Bytes open(long from) throws IOException {
    try {
      return new StreamBytes(FirstThatHas.of(repositories,
          repository -> repository.upstream().client().blob(repository.path(), digest, from)));
    } catch (UpstreamException e) {
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
    public Optional<ByteBuffer> next() throws IOException {
      return stream.next();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
