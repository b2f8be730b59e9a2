package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.weir.server.keep.Pusher;
import dev.weir.server.precache.Commands;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;
import dev.weir.storage.fs.FsObjectStore;

import static org.assertj.core.api.Assertions.assertThat;

/** What is exported here is imported elsewhere: every byte, every tag. */
class RoundTripTest {
  private static final byte[] CONFIG = Pusher.bytes(1, 500);
  private static final byte[] BASE = Pusher.bytes(2, 300_000);
  private static final byte[] ONE = Pusher.bytes(3, 200_000);
  private static final byte[] TWO = Pusher.bytes(4, 100_000);
  private static final String NAME = "quay.io/team/app";

  @TempDir private Path folder;
  private Site here;
  private Path out;

  @BeforeEach
  void fill() throws IOException {
    here = new Site(folder.resolve("here"));
    out = folder.resolve("out");
    Manifest amd = here.push(NAME, "", CONFIG, BASE, ONE);
    Manifest arm = here.push(NAME, "", CONFIG, BASE, TWO);
    Manifest index = Site.index(amd, arm);
    here.put(NAME, "v1", index);
    here.put(NAME, "latest", index);
    here.push("quay.io/team/other", "v1", CONFIG, BASE);
  }

  private void sign() throws IOException {
    Digest index = here.content.tags().resolve(RepositoryName.parse(NAME), new Tag("v1")).orElseThrow();
    here.push(NAME, "sha256-" + index.hex() + ".sig", CONFIG, Pusher.bytes(5, 300));
    byte[] statement = Pusher.bytes(6, 301);
    here.blob(NAME, statement);
    here.put(NAME, "", Pusher.image(List.of(CONFIG, statement), ",\"subject\":{\"mediaType\":\""
        + MediaTypes.OCI_INDEX + "\",\"digest\":\"" + index + "\",\"size\":3}"));
    here.store.putBytes(new ObjectKey("weir/signatures/sha256=" + index.hex() + "/signature-1"), new byte[]{1, 2, 3});
  }

  @AfterEach
  void close() throws IOException {
    here.close();
  }

  private static void run(Commands commands, String... words) {
    assertThat(commands.run(words)).as(commands.out() + commands.err()).isZero();
  }

  /** All that a registry is made of, without what it remembers of its past. */
  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = root.relativize(file).toString();
        boolean isContent = path.startsWith("docker/") || path.startsWith("weir/signatures/");
        if (isContent && !path.contains("/referrers/")) {
          found.put(path, Digest.sha256(Files.readAllBytes(file)).toString());
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({"archive, --all", "archive, --split=150KiB --all", "oc-dir, --all", "oci, --all"})
  void everythingComesOverWithItsSignatures(String format, String words) throws IOException {
    sign();
    run(here.commands, ("export " + words + " --to " + format + ":" + out).split(" "));
    try (Site there = new Site(folder.resolve("there"))) {
      run(there.commands, "import", out.toString());
      Map<String, String> expected = content(here.root);
      if (format.equals("oci")) {
        expected.keySet().removeIf(path -> path.startsWith("weir/signatures/"));
      }
      assertThat(content(there.root)).isEqualTo(expected);
      run(there.commands, "import", out.toString(), "--output", "json");
      assertThat(there.commands.json().path("bytes").asLong(-1)).as("the second time").isZero();
      if (format.equals("archive")) {
        Path again = folder.resolve("again");
        run(there.commands, ("export " + words + " --to archive:" + again).split(" "));
        assertThat(again.resolve("SHA256SUMS")).hasSameBinaryContentAs(out.resolve("SHA256SUMS"));
      }
    }
  }

  @Test
  void aPrecachingFolderComesOverByTheNamesInItsLists() throws IOException {
    run(here.commands, "export", "--all", "--to", "precache:" + out);
    try (Site there = new Site(folder.resolve("there"))) {
      run(there.commands, "import", out.toString());
      Map<String, String> expected = content(here.root);
      assertThat(content(there.root)).isEqualTo(expected);
    }
  }

  @Test
  void aDifferenceComesOverOnTopOfWhatCameBefore() throws IOException {
    run(here.commands, "export", NAME + ":v1", "--to", "archive:" + out);
    Path next = folder.resolve("next");
    run(here.commands, "export", "--all", "--since", out.toString(), "--to", "archive:" + next);
    assertThat(Contents.read(next.resolve("weir-export.json")).blobs()).as("manifests alone").hasSize(4);
    try (Site there = new Site(folder.resolve("there"))) {
      run(there.commands, "import", out.toString());
      assertThat(content(there.root)).isNotEqualTo(content(here.root));
      run(there.commands, "import", next.toString());
      assertThat(content(there.root)).isEqualTo(content(here.root));
    }
  }

  @Test
  void itIsServedByAWeirThatTookItInWhileItRan() throws IOException {
    run(here.commands, "export", "--all", "--split", "150KiB", "--to", "archive:" + out);
    Path root = folder.resolve("weir");
    try (TestWeir weir = TestWeir.in(root).section("admin: {socket: weir/admin.sock}").start()) {
      run(new Commands(root), "import", out.toString());
      assertThat(weir.client().get("/v2/" + NAME + "/manifests/latest").status()).isEqualTo(200);
      assertThat(weir.client().get("/v2/" + NAME + "/blobs/" + Digest.sha256(TWO)).body()).isEqualTo(TWO);
    }
    try (FsObjectStore store = new FsObjectStore(root)) {
      assertThat(Content.of(store).manifests().isCached(RepositoryName.parse(NAME),
          Content.of(store).tags().resolve(RepositoryName.parse(NAME), new Tag("v1")).orElseThrow()))
          .isFalse();
    }
  }
}
