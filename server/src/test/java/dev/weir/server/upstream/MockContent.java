package dev.weir.server.upstream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;

/** What a mock registry holds. By repository, as registries do it: a blob in one is not in another. */
final class MockContent {
  @SuppressWarnings("ArrayRecordComponent")
  record Blob(byte[] content) {}

  private final Map<String, Blob> blobs = new ConcurrentHashMap<>();
  private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
  private final Map<String, TreeMap<String, Digest>> tags = new ConcurrentSkipListMap<>();

  Digest addBlob(String repository, byte[] content) {
    Digest digest = Digest.sha256(content);
    blobs.put(repository + "@" + digest, new Blob(content));
    return digest;
  }

  Digest addManifest(String repository, String mediaType, byte[] content) {
    return addManifest(repository, new Manifest(mediaType, Digest.sha256(content), content));
  }

  Digest addManifest(String repository, Manifest manifest) {
    manifests.put(repository + "@" + manifest.digest(), manifest);
    return manifest.digest();
  }

  void tag(String repository, String tag, Digest digest) {
    synchronized (tags) {
      tags.computeIfAbsent(repository, name -> new TreeMap<>()).put(tag, digest);
    }
  }

  void untag(String repository, String tag) {
    synchronized (tags) {
      tags.computeIfAbsent(repository, name -> new TreeMap<>()).remove(tag);
    }
  }

  Optional<byte[]> blob(String repository, String digest) {
    return Optional.ofNullable(blobs.get(repository + "@" + digest)).map(Blob::content);
  }

  Optional<Manifest> manifest(String repository, String reference) {
    if (reference.indexOf(':') >= 0) {
      return Optional.ofNullable(manifests.get(repository + "@" + reference));
    }
    synchronized (tags) {
      return Optional.ofNullable(tags.getOrDefault(repository, new TreeMap<>()).get(reference))
          .map(digest -> manifests.get(repository + "@" + digest));
    }
  }

  Optional<List<String>> tags(String repository) {
    synchronized (tags) {
      return Optional.ofNullable(tags.get(repository)).map(found -> List.copyOf(found.keySet()));
    }
  }
}
