package dev.weir.server.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.weir.server.cache.BlobBody;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.Referrer;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.registry.Registry;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.FaultyObjectStore;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.IncompleteImages.Image;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Manifests that are taken because upstream has their blobs: whatever goes wrong, somebody goes and gets them. */
class PromisedImagesTest {
  private static final RepositoryName NAME = RepositoryName.parse("ocp4/openshift4");
  private static final Tag TAG = new Tag("4.17.16-x86_64");
  private static final Digest BLOB = Digest.sha256("upstream's".getBytes(StandardCharsets.UTF_8));
  private static final byte[] MANIFEST = """
      {"schemaVersion": 2, "mediaType": "%s",
       "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 10}, "layers": []}"""
      .formatted(MediaTypes.OCI_MANIFEST, BLOB).getBytes(StandardCharsets.UTF_8);
  private static final Image IMAGE = new Image(NAME, Digest.sha256(MANIFEST));

  @Test
  void aCrashAtAnyWriteLeavesNoManifestWhoseBlobsNobodyWillFetch() throws IOException {
    boolean acknowledged = false;
    int writes = 0;
    while (!acknowledged) {
      writes++;
      var disk = new InMemoryObjectStore();
      acknowledged = push(new FaultyObjectStore(disk).dieAt(writes, FaultyObjectStore.Call::isWrite));

      Content afterwards = Content.of(disk);
      if (afterwards.manifests().get(NAME, IMAGE.digest()).isPresent()) {
        assertThat(afterwards.incomplete().all()).as("after a crash at write %d", writes).contains(IMAGE);
      }
    }
    assertThat(writes).isGreaterThan(3);
  }

  private static boolean push(FaultyObjectStore store) {
    Content content = Content.of(store);
    var upstream = new FarUpstream();
    try (var completion = new Completion(content, upstream, () -> true)) {
      new PushedManifests(content, upstream, completion).put(NAME, TAG, MediaTypes.OCI_MANIFEST, MANIFEST);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatIsStoredIsFetchedEvenThoughItsTagCouldNotBeWritten() throws Exception {
    var store = new FaultyObjectStore(new InMemoryObjectStore()).failAt(1,
        call -> call.isWrite() && call.key().toString().contains("_manifests/tags"));
    Content content = Content.of(store);
    var upstream = new FarUpstream();
    try (var completion = new Completion(content, upstream, () -> true)) {
      var manifests = new PushedManifests(content, upstream, completion);

      assertThatThrownBy(() -> manifests.put(NAME, TAG, MediaTypes.OCI_MANIFEST, MANIFEST))
          .isInstanceOf(IOException.class);

      assertThat(upstream.asked.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(completion.pending()).isOne();
    }
  }

  /** Has every blob, and gives none out. */
  private static final class FarUpstream implements Registry {
    final CountDownLatch asked = new CountDownLatch(1);

    @Override
    public long blobSize(RepositoryName name, Digest digest) {
      return 10;
    }

    @Override
    public BlobBody blob(RepositoryName name, Digest digest) throws IOException {
      asked.countDown();
      throw new IOException("upstream is slow today");
    }

    @Override
    public Manifest manifest(RepositoryName name, Reference reference) throws IOException {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN, "manifest unknown");
    }

    @Override
    public Stream<Tag> tags(RepositoryName name, String after) {
      return Stream.empty();
    }

    @Override
    public List<Referrer> referrers(RepositoryName name, Digest subject) {
      return List.of();
    }

    @Override
    public Stream<RepositoryName> repositories(String after) {
      return Stream.empty();
    }
  }
}
