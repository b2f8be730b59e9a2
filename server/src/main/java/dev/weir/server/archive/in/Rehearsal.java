package dev.weir.server.archive.in;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** Takes nothing in, but reads and verifies all that it is given, and keeps manifests in memory so that they can be looked at. */
public final class Rehearsal implements Target {
  private static final int MOST_KEPT = 64 << 20;
  private static final int LARGEST_KEPT = 1 << 20;

  private final String place;
  private final Map<Digest, byte[]> kept = new HashMap<>();
  private long keptBytes;

  /** @param place where it would go */
  public Rehearsal(String place) {
    this.place = place;
  }

  @Override
  public String shown() {
    return place;
  }

  @Override
  public boolean hasBlob(RepositoryName name, Digest digest, long length) {
    return false;
  }

  @Override
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from, long length) {
    return from.isPresent();
  }

  @Override
  public void putBlob(RepositoryName name, Digest digest, Connection.Body content) throws IOException {
    if (!read(digest.algorithm(), content).equals(digest)) {
      throw new Refused("its content is another than its digest says");
    }
  }

  @Override
  public Digest putBlob(RepositoryName name, Connection.Body content) throws IOException {
    return read(Digest.Algorithm.SHA256, content);
  }

  private Digest read(Digest.Algorithm algorithm, Connection.Body content) throws IOException {
    var hash = algorithm.newHash();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = content.open()) {
      byte[] begin = in.readNBytes(content.length() <= LARGEST_KEPT ? LARGEST_KEPT : piece.length);
      hash.update(begin);
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        hash.update(piece, 0, read);
      }
      Digest digest = Digest.of(algorithm, hash);
      if (content.length() == begin.length && begin.length <= LARGEST_KEPT && begin.length > 0 && begin[0] == '{') {
        keep(digest, begin);
      }
      return digest;
    }
  }

  private synchronized void keep(Digest digest, byte[] content) {
    if (keptBytes + content.length <= MOST_KEPT && kept.putIfAbsent(digest, content) == null) {
      keptBytes += content.length;
    }
  }

  @Override
  public synchronized Connection.Body blob(RepositoryName name, Digest digest) throws IOException {
    byte[] content = kept.get(digest);
    if (content == null) {
      throw new Refused("it was not kept to be looked at: --dry-run keeps " + MOST_KEPT + " bytes of manifests");
    }
    return new Bytes(content);
  }

  @Override
  public boolean hasManifest(RepositoryName name, Digest digest) {
    return false;
  }

  @Override
  public Optional<Digest> tagged(RepositoryName name, Tag tag) {
    return Optional.empty();
  }

  @Override
  public void putManifest(RepositoryName name, Reference reference, String mediaType, byte[] content) {}

  @Override
  public void drop(RepositoryName name, Digest digest) {}

  @Override
  public boolean keepSignature(Digest release, byte[] message) {
    return true;
  }

  @Override
  public void close() {}
}
