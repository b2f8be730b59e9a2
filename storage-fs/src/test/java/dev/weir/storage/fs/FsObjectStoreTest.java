package dev.weir.storage.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.BlobStore;
import dev.weir.storage.Changes;
import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore.Child;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.StoredObject;
import dev.weir.storage.Tag;
import dev.weir.storage.TagStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class FsObjectStoreTest {
  private static final RepositoryName NAME = new RepositoryName("quay.io/app");
  private static final Digest DIGEST = Digest.sha256(new byte[]{1});

  @TempDir Path scratch;

  private Path root;
  private FsObjectStore store;

  @BeforeEach
  void open() throws IOException {
    root = scratch.resolve("a/b/root");
    store = new FsObjectStore(root);
  }

  @Test
  void filesLieWhereDistributionLooksForThem() throws IOException {
    new BlobStore(store).link(NAME, DIGEST);
    Path link = root.resolve("docker/registry/v2/repositories/quay.io/app/_layers/sha256/" + DIGEST.hex() + "/link");
    assertThat(link).hasContent("sha256:" + DIGEST.hex()).hasSize(71);
  }

  @Test
  void modesFollowTheUmask() throws IOException {
    Path plainFile = Files.createFile(scratch.resolve("plain"));
    Path plainDirectory = Files.createDirectory(scratch.resolve("directory"));
    store.putBytes(new ObjectKey("d/o"), new byte[1]);
    assertThat(mode(root.resolve("d/o"))).isEqualTo(mode(plainFile));
    assertThat(mode(root.resolve("d"))).isEqualTo(mode(plainDirectory));
  }

  @Test
  void whatAnEarlierProcessLeftBehindIsSwept() throws IOException {
    Path old = Files.write(root.resolve("weir/tmp/old"), new byte[10]);
    Path own = Files.write(root.resolve("weir/tmp/own"), new byte[10]);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(365L * 24 * 3600)));
    store = new FsObjectStore(root);
    assertThat(old).doesNotExist();
    assertThat(own).exists();
  }

  @Test
  void aLostTemporaryDirectoryIsMadeAnew() throws IOException {
    Files.delete(root.resolve("weir/tmp"));
    Files.delete(root.resolve("weir"));
    store.putBytes(new ObjectKey("a"), new byte[3]);
    assertThat(store.size(new ObjectKey("a"))).hasValue(3);
  }

  @Test
  void foreignTemporaryFilesDisturbNobody() throws IOException {
    TagStore tags = new TagStore(store, new Changes());
    tags.setOwned(NAME, new Tag("v1"), DIGEST);
    Path tagsOnDisk = root.resolve("docker/registry/v2/repositories/quay.io/app/_manifests/tags");
    Files.write(tagsOnDisk.resolve("v1/current/link.0f5b.tmp"), new byte[0]);
    Files.write(tagsOnDisk.resolve("x.tmp"), new byte[0]);
    try (Stream<Tag> listed = tags.list(NAME, "")) {
      assertThat(listed).containsExactly(new Tag("v1"));
    }
    assertThat(tags.resolve(NAME, new Tag("v1"))).contains(DIGEST);
  }

  @Test
  void anEmptyLinkIsAsGoodAsNone() throws IOException {
    BlobStore blobs = new BlobStore(store);
    blobs.link(NAME, DIGEST);
    Path link = root.resolve("docker/registry/v2/repositories/quay.io/app/_layers/sha256/" + DIGEST.hex() + "/link");
    Files.write(link, new byte[0]);
    assertThat(blobs.isLinked(NAME, DIGEST)).isFalse();
    blobs.link(NAME, DIGEST);
    assertThat(blobs.isLinked(NAME, DIGEST)).isTrue();
  }

  @Test
  void namesThatNoKeyCanHaveAreNotListed() throws IOException {
    store.putBytes(new ObjectKey("d/plain"), new byte[1]);
    Files.write(root.resolve("d/with\nnewline"), new byte[1]);
    assertThat(children("d")).containsExactly(new Child("plain", false));
  }

  @Test
  void aSymbolicLinkIsNoObject() throws IOException {
    Path secret = Files.writeString(scratch.resolve("secret"), "secret");
    Files.createDirectory(root.resolve("d"));
    Files.createSymbolicLink(root.resolve("d/data"), secret);
    assertThat(store.open(new ObjectKey("d/data"))).isEmpty();
    assertThat(store.size(new ObjectKey("d/data"))).isEmpty();
    assertThat(children("d")).isEmpty();
    store.putBytes(new ObjectKey("d/data"), new byte[1]);
    assertThat(secret).hasContent("secret");
  }

  @Test
  void aLinkedDirectoryOutlivesItsLastObject() throws IOException {
    Path elsewhere = Files.createDirectory(scratch.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("d"), elsewhere);
    store.putBytes(new ObjectKey("d/o"), new byte[1]);
    assertThat(store.delete(new ObjectKey("d/o"))).isTrue();
    assertThat(root.resolve("d")).isSymbolicLink();
  }

  @Test
  void aFileFromAnotherFileSystemIsCopied() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "/dev/shm cannot be written to");
    assumeFalse(Files.getFileStore(memory).equals(Files.getFileStore(root)), "the same file system");
    Path file = Files.write(Files.createTempFile(memory, "weir", ""), new byte[300_000]);
    store.putFile(new ObjectKey("d/o"), file);
    assertThat(root.resolve("d/o")).hasSize(300_000);
    assertThat(file).doesNotExist();
    assertThat(root.resolve("weir/tmp")).isEmptyDirectory();
  }

  @Test
  void siblingsComeAndGoWithoutLosingOne() throws Exception {
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 24; i++) {
        ObjectKey key = new ObjectKey("shared/deep/down/" + i);
        workers.add(threads.submit(() -> {
          for (int round = 0; round < 15; round++) {
            store.putBytes(key, new byte[]{(byte) round});
            assertThat(store.get(key).orElseThrow()).containsExactly(round);
            assertThat(children("shared/deep/down")).contains(new Child(key.value().substring(17), false));
            assertThat(store.delete(key)).isTrue();
          }
          store.putBytes(key, new byte[1]);
          return key;
        }));
      }
    }
    for (Future<?> worker : workers) {
      worker.get();
    }
    assertThat(children("shared/deep/down")).hasSize(24);
  }

  @Test
  void nothingIsMadeOnceTheRootIsGone() throws IOException {
    Files.delete(root.resolve("weir/tmp"));
    Files.delete(root.resolve("weir"));
    Files.delete(root);
    Path file = Files.write(scratch.resolve("file"), new byte[1]);
    assertThatThrownBy(() -> store.putFile(new ObjectKey("a/b"), file)).isInstanceOf(IOException.class)
        .hasMessageContaining("cannot store " + file + " as a/b").hasMessageContaining("is gone");
    assertThatThrownBy(() -> store.putBytes(new ObjectKey("a/b"), new byte[1])).isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot store 1 bytes as a/b in " + root + ": No Such File");
    assertThat(root).doesNotExist();
    assertThat(file).exists();
  }

  @Test
  void aFileInPlaceOfTheRootIsNamed() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));
    assertThatThrownBy(() -> new FsObjectStore(file)).isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write to the storage directory " + file + " as uid ")
        .hasMessageContaining("it belongs to uid");
  }

  @Test
  void aRootThatCannotBeWrittenToIsNamed() throws IOException {
    Object uid = Files.getAttribute(scratch, "unix:uid");
    assumeFalse(uid.equals(0), "root may write anywhere");
    Path sealed = Files.createDirectory(scratch.resolve("sealed"));
    Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThatThrownBy(() -> new FsObjectStore(sealed)).isInstanceOf(IOException.class).hasMessageStartingWith(
        "cannot write to the storage directory " + sealed + " as uid " + uid + " (it belongs to uid " + uid
            + ", mode 555): Access Denied");
  }

  @Test
  void aFullDiskRefusesThePutAndKeepsWhatWasThere() throws Exception {
    assumeTrue(Files.getAttribute(scratch, "unix:uid").equals(0), "only root may mount a small file system");
    Path small = Files.createDirectory(scratch.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "weir-test", small.toString()) == 0, "mount was refused");
    try {
      FsObjectStore full = new FsObjectStore(small);
      full.putBytes(new ObjectKey("a"), new byte[100]);
      Path large = Files.write(scratch.resolve("large"), new byte[2_000_000]);
      assertThatThrownBy(() -> full.putBytes(new ObjectKey("a"), new byte[2_000_000])).isInstanceOf(IOException.class)
          .hasMessage("cannot store 2000000 bytes as a in " + small + ": No space left on device");
      assertThatThrownBy(() -> full.putFile(new ObjectKey("d/b"), large)).isInstanceOf(IOException.class);
      assertThat(full.size(new ObjectKey("a"))).hasValue(100);
      assertThat(large).exists();
      assertThat(small.resolve("weir/tmp")).isEmptyDirectory();
      full.putBytes(new ObjectKey("a"), new byte[500_000]);
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
  }

  @Test
  void anOpenObjectReadsByPieces() throws IOException {
    store.putBytes(new ObjectKey("a"), new byte[]{1, -1, 3});
    try (StoredObject object = store.open(new ObjectKey("a")).orElseThrow(); var in = object.read()) {
      assertThat(List.of(in.read(), in.read())).containsExactly(1, 255);
      assertThat(in.skip(5)).isEqualTo(1);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.readAllBytes()).isEmpty();
    }
  }

  private List<Child> children(String prefix) throws IOException {
    try (Stream<Child> children = store.children(new ObjectKey(prefix), "")) {
      return children.toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
