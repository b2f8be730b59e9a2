package dev.weir.server.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.Referrer;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RepositoryAddress;
import dev.weir.server.registry.AddressBook;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** One repository, {@code team/app}, with what a test puts into it. Filled before the server is asked. */
final class FakeRegistry implements Registry, AddressBook {
  static final RepositoryName NAME = RepositoryName.parse("team/app");

  final Map<Reference, Manifest> manifests = new HashMap<>();
  final Map<Digest, Supplier<? extends BlobBody>> blobs = new HashMap<>();
  final TreeSet<Tag> tags = new TreeSet<>();
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  /** Thrown by every method, while it is set. */
  volatile @Nullable Exception failure;

  @Override
  public RepositoryName nameOf(RepositoryAddress address) throws RegistryException {
    if (address.host().orElse("quay.io").equals("quay.io")) {
      return address.name();
    }
    throw new RegistryException(ErrorCode.NAME_UNKNOWN, "no upstream is called " + address.host().orElseThrow());
  }

  @Override
  public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
    ask("manifest", name);
    Manifest found = manifests.get(reference);
    if (found == null) {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN, "no manifest " + reference + " in " + name);
    }
    return found;
  }

  @Override
  public long blobSize(RepositoryName name, Digest digest) throws IOException {
    ask("blobSize", name);
    try (BlobBody blob = find(name, digest)) {
      return blob.size();
    }
  }

  @Override
  public BlobBody blob(RepositoryName name, Digest digest) throws IOException {
    ask("blob", name);
    return find(name, digest);
  }

  @Override
  public Stream<Tag> tags(RepositoryName name, String after) throws IOException {
    ask("tags", name);
    return tags.stream().filter(tag -> tag.value().compareTo(after) > 0);
  }

  @Override
  public List<Referrer> referrers(RepositoryName name, Digest subject) throws IOException {
    ask("referrers", name);
    return List.of();
  }

  @Override
  public Stream<RepositoryName> repositories(String after) throws IOException {
    return Stream.of(NAME).filter(name -> name.value().compareTo(after) > 0);
  }

  private BlobBody find(RepositoryName name, Digest digest) throws RegistryException {
    Supplier<? extends BlobBody> found = blobs.get(digest);
    if (found == null) {
      throw new RegistryException(ErrorCode.BLOB_UNKNOWN, "no blob " + digest + " in " + name);
    }
    return found.get();
  }

  private void ask(String what, RepositoryName name) throws IOException {
    asked.add(what);
    Exception thrown = failure;
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (!name.equals(NAME)) {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "no repository " + name);
    }
  }
}
