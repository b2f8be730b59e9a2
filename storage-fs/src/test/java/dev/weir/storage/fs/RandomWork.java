package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.disk.RecordedDisk;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients do to a store, one thing after another, and what it promised them. */
final class RandomWork {
  private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final List<RepositoryName> NAMES = List.of(new RepositoryName("a"), new RepositoryName("a/b"));
  private static final List<Tag> TAGS = List.of(new Tag("v1"), new Tag("v2"));
  private static final List<byte[]> BLOBS = IntStream.range(0, 4).mapToObj(RandomWork::blob).toList();
  private static final List<Manifest> MANIFESTS = IntStream.range(0, 4).mapToObj(RandomWork::manifest).toList();

  private final Random random;
  private final RecordedDisk disk;
  private final ObjectStore store;
  private final Content content;
  private final Promises promises = new Promises();
  private int failures;

  /** One thing that a client asks for. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  RandomWork(Random random, RecordedDisk disk) throws IOException {
    this.random = random;
    this.disk = disk;
    this.store = new FsObjectStore(disk.root());
    this.content = Content.of(store);
  }

  Promises promises() {
    return promises;
  }

  ObjectStore store() {
    return store;
  }

  /** How often the disk refused. */
  int failures() {
    return failures;
  }

  private static byte[] blob(int number) {
    byte[] bytes = new byte[700 * number];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  /** All have the same first blobs, and one is a referrer of another. */
  private static Manifest manifest(int number) {
    String subject = number == 3 ? ",\"subject\":{\"digest\":\"" + manifest(0).digest() + "\"}" : "";
    byte[] json = ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE + "\",\"config\":{\"digest\":\""
        + Digest.sha256(blob(0)) + "\"},\"layers\":[{\"digest\":\"" + Digest.sha256(blob(number)) + "\"}]" + subject
        + "}").getBytes(StandardCharsets.UTF_8);
    return new Manifest(TYPE, Digest.sha256(json), json);
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  void step() {
    RepositoryName name = any(NAMES);
    switch (random.nextInt(8)) {
      case 0, 1 -> upload(name, any(BLOBS));
      case 2 -> push(name, any(MANIFESTS));
      case 3 -> pull(name, any(MANIFESTS));
      case 4 -> tag(name, any(TAGS), any(MANIFESTS).digest());
      case 5 -> follow(name, any(TAGS), any(MANIFESTS).digest());
      case 6 -> untag(name, any(TAGS));
      default -> delete(name, any(MANIFESTS).digest());
    }
  }

  private void acknowledged(String of, Step step, Promises.Check check) {
    promises.withdraw(of, disk.journal().now());
    try {
      step.run();
    } catch (IOException e) {
      failures++;
      return;
    }
    promises.make(of, disk.journal().now(), check);
  }

  private void upload(RepositoryName name, byte[] bytes) {
    Digest digest = Digest.sha256(bytes);
    acknowledged("blob " + digest + " in " + name, () -> {
      content.blobs().commit(digest, written(bytes));
      content.blobs().link(name, digest);
    }, found -> {
      assertThat(found.blobs().size(digest)).hasValue(bytes.length);
      assertThat(found.blobs().isLinked(name, digest)).isTrue();
    });
  }

  /** As an upload writes it: piece by piece, and nothing of it durable. */
  private Path written(byte[] bytes) throws IOException {
    Path file = disk.root().resolve("weir").resolve("upload" + random.nextLong());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest.slice(rest.position(), Math.min(500, rest.remaining())));
        rest.position((int) channel.position());
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    return file;
  }

  private static String manifest(RepositoryName name, Digest digest) {
    return "manifest " + digest + " in " + name;
  }

  private void push(RepositoryName name, Manifest manifest) {
    acknowledged(manifest(name, manifest.digest()), () -> content.manifests().putOwned(name, manifest), found -> {
      assertThat(found.manifests().get(name, manifest.digest())).isPresent();
      assertThat(found.manifests().isCached(name, manifest.digest())).isFalse();
    });
  }

  private void pull(RepositoryName name, Manifest manifest) {
    acknowledged(manifest(name, manifest.digest()), () -> content.manifests().putCached(name, manifest, "up"),
        found -> assertThat(found.manifests().get(name, manifest.digest())).isPresent());
  }

  private void delete(RepositoryName name, Digest digest) {
    acknowledged(manifest(name, digest), () -> content.manifests().delete(name, digest),
        found -> assertThat(found.manifests().get(name, digest)).isEmpty());
  }

  private static String tag(RepositoryName name, Tag tag) {
    return "tag " + name + ":" + tag;
  }

  private void tag(RepositoryName name, Tag tag, Digest digest) {
    acknowledged(tag(name, tag), () -> content.tags().setOwned(name, tag, digest), found -> {
      assertThat(found.tags().resolve(name, tag)).contains(digest);
      assertThat(found.tags().isCached(name, tag, digest)).isFalse();
    });
  }

  private void follow(RepositoryName name, Tag tag, Digest digest) {
    acknowledged(tag(name, tag), () -> content.tags().setCached(name, tag, digest),
        found -> assertThat(found.tags().resolve(name, tag)).isPresent());
  }

  private void untag(RepositoryName name, Tag tag) {
    acknowledged(tag(name, tag), () -> content.tags().delete(name, tag),
        found -> assertThat(found.tags().resolve(name, tag)).isEmpty());
  }
}
