package dev.weir.server.space;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.Referrer;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** A registry of which it is noted what is asked for, and what is being read. */
public record NotedRegistry(Registry registry, Noting noting) implements Registry {
  /** Told what is given out. */
  @FunctionalInterface
  public interface Noting {
    /** Before the client has it. */
    void used(Digest manifest);

    /** What the client is to read instead of the body. */
    default BlobBody read(Digest blob, BlobBody body) {
      return body;
    }
  }

  @Override
  public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
    Manifest manifest = registry.manifest(name, reference);
    noting.used(manifest.digest());
    return manifest;
  }

  @Override
  public void servedAgain(RepositoryName name) {
    registry.servedAgain(name);
  }

  @Override
  public void blobServedAgain(RepositoryName name) {
    registry.blobServedAgain(name);
  }

  @Override
  public long blobSize(RepositoryName name, Digest digest) throws IOException {
    return registry.blobSize(name, digest);
  }

  @Override
  public BlobBody blob(RepositoryName name, Digest digest) throws IOException {
    return noting.read(digest, registry.blob(name, digest));
  }

  @Override
  public void unreadable(RepositoryName name, Digest digest, IOException failure) throws IOException {
    registry.unreadable(name, digest, failure);
  }

  @Override
  public Optional<URI> blobAddress(RepositoryName name, Digest digest) throws IOException {
    return registry.blobAddress(name, digest);
  }

  @Override
  public Stream<Tag> tags(RepositoryName name, String after) throws IOException {
    return registry.tags(name, after);
  }

  @Override
  public List<Referrer> referrers(RepositoryName name, Digest subject) throws IOException {
    return registry.referrers(name, subject);
  }

  @Override
  public Stream<RepositoryName> repositories(String after) throws IOException {
    return registry.repositories(after);
  }
}
