package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.RepositoryName;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(300)
class PinsTest {
  private static final int LAYER = 1 << 20;
  private static final byte[] CONFIG = PrecacheTest.bytes(1, 900);

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();

  @AfterEach
  void close() {
    quay.close();
  }

  private Path root() {
    return folder.resolve("data");
  }

  private TestWeir.Builder weir() {
    return TestWeir.in(root()).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}");
  }

  private Path mark(Digest image) {
    return root().resolve("docker/registry/v2/repositories/quay.io/team/app/_manifests/revisions/sha256/" + image.hex()
        + "/pinned");
  }

  @Test
  void whatIsPinnedOutlivesTheWantOfRoomAndWhatIsDroppedDoesNot() throws IOException {
    Digest pinned = quay.addImage("team/app", "pinned", CONFIG, PrecacheTest.bytes(2, LAYER));
    try (TestWeir weir = weir().cache("maxsize: 6MiB, highwater: 80%, lowwater: 60%").start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:pinned", "--pin", "site")).as(commands.out()).isZero();
      assertThat(commands.out()).contains("pinned as site");
      fill(commands, 100);
      assertThat(weir.files("/" + pinned.hex() + "/pinned")).hasSize(1);
      assertThat(weir.files(Digest.sha256(PrecacheTest.bytes(2, LAYER)).hex() + "/data")).hasSize(1);
      assertThat(commands.run("pin", "drop", "site")).as(commands.err()).isZero();
      fill(commands, 200);
      assertThat(weir.files("blobs/sha256/" + pinned.hex().substring(0, 2) + "/" + pinned.hex() + "/data")).isEmpty();
    }
  }

  private void fill(Commands commands, int seed) {
    for (int i = 0; i < 12; i++) {
      quay.addImage("team/app", "t" + (seed + i), CONFIG, PrecacheTest.bytes(seed + i, LAYER));
      assertThat(commands.run("precache", "quay.io/team/app:t" + (seed + i))).as(commands.out()).isZero();
    }
  }

  @Test
  void oneImageMayBeInSeveralSetsWhichAreListedShownComparedAndDropped() throws IOException {
    Digest both = quay.addImage("team/app", "both", CONFIG, PrecacheTest.bytes(3, 1_000));
    Digest fresh = quay.addImage("team/app", "fresh", CONFIG, PrecacheTest.bytes(4, 5_000));
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      commands.run("precache", "quay.io/team/app:both", "--pin", "old");
      commands.run("precache", "quay.io/team/app:both", "quay.io/team/app:fresh", "--pin", "new");
      assertThat(commands.run("pin", "list")).as(commands.err()).isZero();
      assertThat(commands.out().lines()).hasSize(3).anyMatch(line -> line.matches("new +2 .*"));
      assertThat(commands.run("pin", "show", "old")).isZero();
      assertThat(commands.out()).contains("quay.io/team/app:both", "1 images");
      assertThat(commands.run("pin", "compare", "old", "new", "--output", "json")).isZero();
      JsonNode difference = commands.json();
      assertThat(difference.path("both").asInt()).isEqualTo(1);
      assertThat(difference.path("added").path(0).path("image").asText()).isEqualTo("quay.io/team/app@" + fresh);
      assertThat(difference.path("addedBytes").asLong()).isEqualTo(5_000 + Files.size(root().resolve(
          "docker/registry/v2/blobs/sha256/" + fresh.hex().substring(0, 2) + "/" + fresh.hex() + "/data")));
      assertThat(commands.run("pin", "drop", "old")).isZero();
      assertThat(commands.out()).contains("others hold 1");
      assertThat(mark(both)).hasContent("new\n");
      assertThat(commands.run("pin", "show", "old")).isEqualTo(1);
      assertThat(commands.err()).contains("there is no pin 'old'");
    }
  }

  @Test
  void whatASetListsAndIsNotHereIsShownAsAbsentAndWhatLostItsMarkAsNotKept() throws IOException {
    Digest gone = quay.addImage("team/app", "gone", CONFIG, PrecacheTest.bytes(3, 1_000));
    Digest bare = quay.addImage("team/app", "bare", CONFIG, PrecacheTest.bytes(4, 2_000));
    quay.addImage("team/app", "kept", CONFIG, PrecacheTest.bytes(5, 3_000));
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      commands.run("precache", "quay.io/team/app:kept", "--pin", "a");
      commands.run("precache", "quay.io/team/app:kept", "quay.io/team/app:gone", "quay.io/team/app:bare", "--pin", "b");
      try (Stream<Path> all = Files.walk(mark(gone).getParent())) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
      Files.delete(mark(bare));
      assertThat(commands.run("pin", "show", "b")).isZero();
      assertThat(commands.out().lines()).anyMatch(line -> line.matches("quay.io/team/app:gone .*  absent"))
          .anyMatch(line -> line.matches("quay.io/team/app:bare .*  not kept"))
          .anyMatch(line -> line.matches("quay.io/team/app:kept .*@sha256:[0-9a-f]{12}"));
      assertThat(commands.out()).contains("3 images, ", ", 1 of them absent: precache them again",
          ", 1 may be evicted");
      assertThat(commands.run("pin", "list")).isZero();
      assertThat(commands.out().lines()).anyMatch(line -> line.matches("b +3 +1 +\\S+ \\S+  1 may be evicted.*"))
          .anyMatch(line -> line.matches("a +1 +0 +\\S+ \\S+"));
      assertThat(commands.run("pin", "compare", "a", "b")).isZero();
      assertThat(commands.out()).contains("1 images are not here, so what they are made of is not counted")
          .containsPattern("\\+ quay.io/team/app:gone .*  absent\n");
      assertThat(commands.run("precache", "quay.io/team/app:gone", "quay.io/team/app:bare", "--pin", "b"))
          .as(commands.out()).isZero();
      assertThat(commands.run("pin", "show", "b")).isZero();
      assertThat(commands.out()).doesNotContain("absent", "not kept");
    }
  }

  @Test
  void setsOutliveTheLossOfAllThatWeirRemembersBesideTheContent() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, PrecacheTest.bytes(3, 1_000));
    Commands commands = new Commands(root());
    try (TestWeir _ = weir().start()) {
      commands.run("precache", "quay.io/team/app:v1", "--pin", "site");
    }
    try (Stream<Path> all = Files.walk(root().resolve("weir"))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    try (TestWeir _ = weir().start()) {
      assertThat(commands.run("pin", "show", "site")).as(commands.err()).isZero();
      assertThat(commands.out()).contains("quay.io/team/app@sha256:", "1 images");
    }
  }

  @Test
  void aLineThatNamesNoImageSpoilsNoCommand() throws IOException {
    Digest image = quay.addImage("team/app", "v1", CONFIG, PrecacheTest.bytes(3, 1_000));
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      commands.run("precache", "quay.io/team/app:v1", "--pin", "site");
      Path list = root().resolve("weir/pins/site");
      Files.writeString(list, "evil\nno/image@at-all x\n@\n" + Files.readString(list));
      for (String[] words : new String[][]{{"list"}, {"show", "site"}, {"compare", "site", "site"}, {"drop", "site"}}) {
        String[] all = Stream.concat(Stream.of("pin"), Stream.of(words)).toArray(String[]::new);
        assertThat(commands.run(all)).as(words[0] + commands.err()).isZero();
      }
      assertThat(mark(image)).doesNotExist();
    }
  }

  @Test
  void whateverAnImageWasAskedForAsItsLineIsOne() throws IOException {
    InMemoryObjectStore store = new InMemoryObjectStore();
    Pins pins = new Pins(store, Content.of(store));
    Digest digest = Digest.sha256(CONFIG);
    var _ = pins.add("site",
        List.of(Pins.Member.of(RepositoryName.parse("a/b"), digest, "cli\r\nevil\u0085x")));
    assertThat(store.get(new ObjectKey("weir/pins/site")).map(text -> new String(text, UTF_8)).orElseThrow().lines())
        .containsExactly("a/b@" + digest + " cli evil x");
  }
}
