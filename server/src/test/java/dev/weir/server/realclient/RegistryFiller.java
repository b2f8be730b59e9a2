package dev.weir.server.realclient;

import java.io.FileNotFoundException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;

/** Pushes images into a registry by HTTP: single-PUT uploads, then manifests. */
final class RegistryFiller {
  private final Wire wire;

  RegistryFiller(URI registry) {
    this(new Wire(registry));
  }

  RegistryFiller(Wire wire) {
    this.wire = wire;
  }

  void push(List<TestImage> images) {
    images.forEach(this::push);
  }

  void push(TestImage image) {
    String repository = "/v2/" + image.repository();
    image.blobs().forEach(blob -> push(repository, blob));
    image.children().forEach(child -> put(repository, child.digest().toString(), child));
    image.absent().forEach(child -> put(repository, child.digest().toString(), child));
    put(repository, image.tag(), image.top());
    // registries take an index only while its children are there
    image.absent().forEach(child -> delete(repository, child));
  }

  private void push(String repository, TestBlob blob) {
    var started = wire.expect(202, wire.post(repository + "/blobs/uploads/"));
    String location = started.headers().firstValue("Location").orElseThrow();
    String target = location + (location.contains("?") ? "&" : "?") + "digest=" + blob.digest();
    try {
      wire.expect(201, wire.request(target, "Content-Type", "application/octet-stream")
          .PUT(BodyPublishers.ofFile(blob.file())));
    } catch (FileNotFoundException e) {
      throw new AssertionError("a blob of a test image is gone", e);
    }
  }

  private void put(String repository, String reference, TestManifest manifest) {
    wire.expect(201, wire.request(repository + "/manifests/" + reference, "Content-Type", manifest.mediaType())
        .PUT(BodyPublishers.ofByteArray(manifest.bytes())));
  }

  private void delete(String repository, TestManifest manifest) {
    wire.expect(202, wire.request(repository + "/manifests/" + manifest.digest()).DELETE());
  }
}
