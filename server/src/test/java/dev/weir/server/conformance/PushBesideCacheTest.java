package dev.weir.server.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.http.RawClient.Reply;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** Pushing into a repository that also has an upstream. */
class PushBesideCacheTest {
  @TempDir private Path directory;
  private Stack stack;

  @BeforeEach
  void start() throws Exception {
    stack = Stack.withUpstream(directory, true);
  }

  @AfterEach
  void stop() {
    stack.close();
  }

  private String current() {
    Reply reply = stack.client().head("/v2/mirror/app/manifests/v1");
    return reply.header("Docker-Content-Digest").orElse("status " + reply.status());
  }

  @Test
  void aPushedTagWinsUntilItIsDeleted() {
    Image upstream = Image.oci("upstream");
    Image pushed = Image.oci("pushed");
    stack.provide("mirror/app", "v1", upstream);
    assertThat(current()).isEqualTo(upstream.digest().toString());
    stack.client().push("mirror/app", "v1", pushed);
    assertThat(current()).isEqualTo(pushed.digest().toString());
    assertThat(stack.client().get("/v2/mirror/app/tags/list").text()).contains("[\"v1\"]");
    assertThat(stack.client().delete("/v2/mirror/app/manifests/v1").status()).isEqualTo(202);
    assertThat(current()).isEqualTo(upstream.digest().toString());
    stack.client().putManifest("mirror/app", "v1", pushed.type(), pushed.content());
    assertThat(stack.client().delete("/v2/mirror/app/manifests/" + pushed.digest()).status()).isEqualTo(202);
    assertThat(current()).isEqualTo(upstream.digest().toString());
  }

  /** The client is told of every blob that it is there; only the manifest is sent, and upstream goes away afterwards. */
  @Test
  void whatUpstreamHasNeedNotBeSentAndIsFetchedForGood() throws Exception {
    Image image = Image.oci("confirmed");
    image.blobs().forEach(blob -> stack.upstream().addBlob("all/app", blob.bytes()));
    for (Image.Blob blob : image.blobs()) {
      assertThat(stack.client().head("/v2/mirror/app/blobs/" + blob.digest()).status()).isEqualTo(200);
    }
    assertThat(stack.client().putManifest("mirror/app", "v1", image.type(), image.content()).status()).isEqualTo(201);
    awaitComplete();
    stack.upstream().close();
    assertThat(stack.client().get("/v2/mirror/app/manifests/v1").body()).isEqualTo(image.content());
    for (Image.Blob blob : image.blobs()) {
      assertThat(stack.client().get("/v2/mirror/app/blobs/" + blob.digest()).body()).isEqualTo(blob.bytes());
    }
  }

  @Test
  void whatUpstreamDoesNotHaveEitherIsMissing() {
    Image image = Image.oci("nowhere");
    Digest held = stack.upstream().addBlob("all/app", image.blobs().getFirst().bytes());
    Reply refused = stack.client().putManifest("mirror/app", "v1", image.type(), image.content());
    Client.assertError(refused, 404, "MANIFEST_BLOB_UNKNOWN");
    assertThat(refused.text()).contains(image.blobs().getLast().digest().toString()).doesNotContain(held.toString());
  }

  @Test
  void whileUpstreamIsDownItIsNotSaidThatBlobsAreMissing() {
    Image image = Image.oci("down");
    stack.upstream().close();
    Reply refused = stack.client().putManifest("mirror/app", "v1", image.type(), image.content());
    assertThat(refused.status()).isIn(502, 504);
    Client.assertError(refused, refused.status(), "UNAVAILABLE");
  }

  private void awaitComplete() throws Exception {
    Path incomplete = directory.resolve("root/weir/incomplete");
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!isEmpty(incomplete)) {
      assertThat(System.nanoTime()).as("the image is completed in time").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean isEmpty(Path incomplete) throws Exception {
    if (!Files.isDirectory(incomplete)) {
      return true;
    }
    try (Stream<Path> files = Files.list(incomplete)) {
      return files.findAny().isEmpty();
    }
  }
}
