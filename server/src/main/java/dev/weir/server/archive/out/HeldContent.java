package dev.weir.server.archive.out;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.weir.server.precache.ReleaseSignatures;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Inventory;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;

/** The data itself, at rest or under a weir that runs: whatever that writes is whole before it has its name. */
public final class HeldContent implements Held {
  private final Content content;
  private final ReleaseSignatures signatures;

  public HeldContent(ObjectStore store) {
    this.content = Content.of(store);
    this.signatures = new ReleaseSignatures(store);
  }

  @Override
  public List<RepositoryName> repositories() {
    try (Stream<RepositoryName> all = content.repositories().after("")) {
      return all.sorted().toList();
    }
  }

  @Override
  public Map<Tag, Digest> tags(RepositoryName name) throws IOException {
    Map<Tag, Digest> found = new TreeMap<>();
    try (Stream<Tag> all = content.tags().list(name, "")) {
      for (Tag tag : (Iterable<Tag>) all::iterator) {
        content.tags().resolve(name, tag).ifPresent(digest -> found.put(tag, digest));
      }
    }
    return found;
  }

  @Override
  public List<Digest> manifests(RepositoryName name) throws IOException {
    return content.inventory().revisions(name).stream().map(Inventory.Revision::digest).toList();
  }

  @Override
  public Optional<Manifest> manifest(RepositoryName name, Digest digest) throws IOException {
    return content.manifests().get(name, digest);
  }

  @Override
  public List<Digest> referrers(RepositoryName name, Digest subject) throws IOException {
    List<Digest> found = new ArrayList<>();
    content.manifests().forEachReferrer(name, subject, referrer -> found.add(referrer.digest()));
    return found;
  }

  @Override
  public OptionalLong size(RepositoryName name, Digest digest) throws IOException {
    return content.blobs().size(digest);
  }

  @Override
  public InputStream open(RepositoryName name, Digest digest) throws IOException {
    StoredObject blob = content.blobs().open(digest)
        .orElseThrow(() -> new IOException(digest + " went while it was to be exported"));
    try {
      return new OfBlob(blob);
    } catch (IOException e) {
      blob.close();
      throw e;
    }
  }

  @Override
  public List<byte[]> signatures(Digest release) throws IOException {
    return signatures.of(release);
  }

  /** Closes the blob behind it. */
  private static final class OfBlob extends FilterInputStream {
    private final StoredObject blob;

    OfBlob(StoredObject blob) throws IOException {
      super(blob.read());
      this.blob = blob;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return in.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
      try (blob) {
        super.close();
      }
    }
  }
}
