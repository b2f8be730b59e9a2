package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.Delivery;
import dev.weir.server.upstream.Fault;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir precache} against a weir in this process, with an upstream that behaves as quay.io. */
@Timeout(300)
class PrecacheTest {
  private static final byte[] CONFIG = bytes(1, 900);
  private static final byte[] SHARED = bytes(2, 50_000);
  private static final byte[] LARGE = bytes(3, 300_000);

  @TempDir private Path folder;

  private final ScriptedRegistry quay = ScriptedRegistry.quay();

  @AfterEach
  void close() {
    quay.close();
  }

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path root() {
    return folder.resolve("data");
  }

  private TestWeir.Builder weir() {
    return TestWeir.in(root()).upstream("quay.io", quay.uri()).section("scrub: {interval: 0s}");
  }

  private long delivered() {
    return quay.cdn().deliveries().stream().mapToLong(Delivery::length).sum();
  }

  @Test
  void imagesByTagAndByDigestAreHereAfterwardsAndServedWithoutTheirUpstream() throws IOException {
    Digest one = quay.addImage("team/one", "v1", CONFIG, SHARED);
    Digest two = quay.addImage("team/two", "v1", CONFIG, SHARED, LARGE);
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      int exit = commands.run("precache", "quay.io/team/one:v1", "docker://quay.io/team/two@" + two, "--output",
          "json");
      assertThat(exit).as(commands.err()).isZero();
      Report report = commands.report();
      assertThat(report.complete()).isTrue();
      assertThat(report.images()).isEqualTo(2);
      assertThat(report.imagesHeld()).isEqualTo(2);
      assertThat(report.fetchBytes()).isEqualTo(CONFIG.length + SHARED.length + LARGE.length);
      assertThat(delivered()).as("what is shared travels once").isEqualTo(report.fetchBytes());
      quay.close();
      for (String blob : List.of("one/manifests/" + one, "one/manifests/v1", "two/manifests/" + two,
          "two/blobs/" + Digest.sha256(LARGE), "one/blobs/" + Digest.sha256(SHARED))) {
        assertThat(weir.client().get("/v2/quay.io/team/" + blob).status()).as(blob).isEqualTo(200);
      }
    }
  }

  @Test
  void onlyWhatIsNotHeldTravels() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED);
    quay.addImage("team/app", "v2", CONFIG, SHARED, LARGE);
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1")).as(commands.err()).isZero();
      quay.forget();
      assertThat(commands.run("precache", "quay.io/team/app:v1", "quay.io/team/app:v2", "--output", "json")).isZero();
      assertThat(delivered()).isEqualTo(LARGE.length).isEqualTo(commands.report().fetchBytes());
    }
  }

  @Test
  void aDryRunSaysToTheByteWhatWouldBeFetchedAndFetchesNoBlob() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED, LARGE);
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--dry-run", "--output", "json")).isZero();
      Report dry = commands.report();
      assertThat(delivered()).isZero();
      assertThat(dry.complete()).isTrue();
      assertThat(dry.imagesHeld()).isZero();
      assertThat(dry.room().bound()).isPositive();
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--dry-run")).isZero();
      assertThat(commands.out()).contains("to fetch: 3 blobs", "room: ", "All of it can be had, and fits.");
      assertThat(commands.run("precache", "quay.io/team/app:v1")).isZero();
      assertThat(delivered()).isEqualTo(dry.fetchBytes()).isEqualTo(CONFIG.length + SHARED.length + LARGE.length);
    }
  }

  @Test
  void whatCameInPartIsCountedOnce() throws IOException {
    byte[] huge = bytes(9, 6 << 20);
    quay.addImage("team/app", "v1", CONFIG, huge);
    quay.pauseBodiesAfter(5 << 20);
    try (TestWeir _ = weir().cache("maxsize: 10MiB").start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--detach", "--output", "json")).isZero();
      String job = commands.json().path("id").asText();
      Path partial = root().resolve("weir/partial/sha256-" + Digest.sha256(huge).hex());
      Await.until("most of it is on the disk", () -> partial.toFile().length() == 5 << 20);
      assertThat(commands.run("precache", "--cancel", job)).isZero();
    }
    quay.cdn().cutConnections();
    quay.resumeBodies();
    Await.until("what came until then is noted", () -> delivered() >= 5 << 20);
    quay.forget();
    try (TestWeir _ = weir().cache("maxsize: 10MiB").start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--dry-run", "--output", "json"))
          .as("5 MiB are here, 1 is to come: " + commands.out()).isZero();
      Report dry = commands.report();
      assertThat(dry.fetchBytes()).isEqualTo(1 << 20);
      assertThat(dry.bytes()).isEqualTo((6 << 20) + CONFIG.length);
      assertThat(commands.run("precache", "quay.io/team/app:v1")).as(commands.out()).isZero();
      assertThat(delivered()).isEqualTo(dry.fetchBytes());
    }
  }

  @Test
  void whatCannotFitIsRefusedBeforehandAlsoByADryRun() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, bytes(9, 12 << 20));
    try (TestWeir _ = weir().cache("maxsize: 10MiB").start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1")).isEqualTo(1);
      assertThat(commands.out()).contains("Refused, nothing was fetched: 2 blobs would take 12587008 bytes");
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--dry-run", "--output", "json")).isEqualTo(1);
      assertThat(commands.report().refused()).contains("there is room for");
      assertThat(delivered()).isZero();
    }
  }

  @Test
  void oneThatFailsNeverStopsTheOthersAndATableSaysWhatIsMissingAndWhy() throws IOException {
    quay.addImage("team/good", "v1", CONFIG, SHARED);
    Digest broken = quay.addManifest("team/broken", MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2,\"mediaType\":\""
        + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"mediaType\":\"c\",\"digest\":\"" + Digest.sha256(LARGE)
        + "\",\"size\":" + LARGE.length + "},\"layers\":[]}");
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      int exit = commands.run("precache", "quay.io/team/absent:v1", "quay.io/team/good:v1",
          "quay.io/team/broken@" + broken, "example.com/a/b:v1", "quay.io/team/bad:bad:bad", "--output", "json");
      assertThat(exit).isEqualTo(1);
      Report report = commands.report();
      assertThat(report.complete()).isFalse();
      assertThat(report.missing()).extracting(Report.Missing::image).containsExactlyInAnyOrder(
          "quay.io/team/absent:v1", "quay.io/team/broken@" + broken, "example.com/a/b:v1", "quay.io/team/bad:bad:bad");
      assertThat(report.missing()).anySatisfy(each -> {
        assertThat(each.what()).isEqualTo(Digest.sha256(LARGE).toString());
        assertThat(each.reason()).isNotEmpty();
      });
      assertThat(report.missing()).anySatisfy(
          each -> assertThat(each.reason()).contains("no upstream here is called example.com"));
      assertThat(weir.client().get("/v2/quay.io/team/good/blobs/" + Digest.sha256(SHARED)).status()).isEqualTo(200);
      commands.run("precache", "quay.io/team/absent:v1", "quay.io/team/good:v1");
      assertThat(commands.out()).contains("MISSING", "quay.io/team/absent:v1", "Not all of it is here: 1 of 2 images");
    }
  }

  @Test
  void whatOneRepositoryLacksComesFromAnotherForBoth() throws IOException {
    Digest shared = Digest.sha256(SHARED);
    Digest broken = quay.addManifest("team/broken", MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2,\"mediaType\":\""
        + MediaTypes.OCI_MANIFEST + "\",\"config\":{\"mediaType\":\"c\",\"digest\":\"" + shared + "\",\"size\":"
        + SHARED.length + "},\"layers\":[]}");
    quay.addImage("team/good", "v1", CONFIG, SHARED);
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      int exit = commands.run("precache", "quay.io/team/broken@" + broken, "quay.io/team/good:v1", "--output", "json");
      assertThat(exit).as(commands.out()).isZero();
      assertThat(commands.report().imagesHeld()).isEqualTo(2);
      quay.close();
      assertThat(weir.client().get("/v2/quay.io/team/good/blobs/" + shared).status()).isEqualTo(200);
      assertThat(weir.client().get("/v2/quay.io/team/broken/blobs/" + shared).status()).isEqualTo(200);
    }
  }

  @Test
  void ofAnIndexAllPlatformsComeOrThoseAskedFor() throws IOException {
    Digest amd = quay.addImage("team/multi", "amd", bytes(11, 100), bytes(12, 1_000));
    Digest arm = quay.addImage("team/multi", "arm", bytes(13, 100), bytes(14, 2_000));
    Digest index = quay.addManifest("team/multi", MediaTypes.OCI_INDEX, """
        {"schemaVersion":2,"mediaType":"%s","manifests":[
        {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"amd64"}},
        {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}"""
        .formatted(MediaTypes.OCI_INDEX, MediaTypes.OCI_MANIFEST, amd, MediaTypes.OCI_MANIFEST, arm));
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      String image = "quay.io/team/multi@" + index;
      assertThat(commands.run("precache", image, "--platform", "linux/s390x", "--output", "json")).isEqualTo(1);
      assertThat(commands.report().missing()).singleElement()
          .satisfies(each -> assertThat(each.reason()).contains("linux/s390x", "linux/amd64, linux/arm64/v8"));
      assertThat(commands.run("precache", image, "--platform", "linux/arm64", "--output", "json")).isZero();
      assertThat(delivered()).isEqualTo(2_100);
      assertThat(commands.run("precache", image)).isZero();
      assertThat(delivered()).isEqualTo(2_100 + 1_100);
      assertThat(commands.run("precache", image, "--platform", "arm")).isEqualTo(2);
    }
  }

  @Test
  void signaturesAndAttestationsComeAlong() throws IOException {
    Digest image = quay.addImage("team/app", "v1", CONFIG, SHARED);
    Digest signature = quay.addImage("team/app", "sha256-" + image.hex() + ".sig", bytes(21, 10), bytes(22, 20));
    quay.addImage("team/app", "sha256-" + image.hex() + ".att", bytes(23, 30), bytes(24, 40));
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1")).as(commands.err()).isZero();
      quay.close();
      assertThat(weir.client().get("/v2/quay.io/team/app/manifests/sha256-" + image.hex() + ".sig").status())
          .isEqualTo(200);
      assertThat(weir.client().get("/v2/quay.io/team/app/manifests/" + signature).status()).isEqualTo(200);
      assertThat(weir.client().get("/v2/quay.io/team/app/blobs/" + Digest.sha256(bytes(24, 40))).status())
          .isEqualTo(200);
    }
  }

  @Test
  void troubleThatPassesIsWaitedOut() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED, LARGE);
    for (int i = 0; i < 3; i++) {
      quay.next("/manifests/v1", Fault.badGateway());
      quay.next("/blobs/" + Digest.sha256(LARGE), Fault.tooManyRequests("1"));
      quay.next("/sha256/team/app/" + Digest.sha256(SHARED), new Fault.CutAt(10_000));
    }
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1")).as(commands.out()).isZero();
    }
  }

  @Test
  void listsOfAllKindsAreRead() throws IOException {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      quay.addImage("team/" + name, "v1", CONFIG, name.getBytes(UTF_8));
    }
    Path list = Files.writeString(folder.resolve("ocp-images.txt"), "# comment\n\nquay.io/team/a:v1\n");
    Path mapping = Files.writeString(folder.resolve("mapping.txt"), "quay.io/team/b:v1=mirror/b:1\r\n");
    Path map = Files.writeString(folder.resolve("map.yaml"), """
        apiVersion: v1
        kind: ConfigMap
        data:
          c_v1: quay.io/team/c:v1
          d_v1: quay.io/team/d:v1
        """);
    Path json = Files.writeString(folder.resolve("map.json"),
        "{\"kind\":\"ConfigMap\",\"data\":{\"e_v1\":\"quay.io/team/e:v1\"}}");
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "-f", list.toString(), "-f", mapping.toString(), "-f", map.toString(), "-f",
          json.toString(), "--tags", "--output", "json")).as(commands.err()).isZero();
      assertThat(commands.report().images()).isEqualTo(5);
      assertThat(commands.report().names()).containsExactly("mirror/b:1");
      quay.close();
      assertThat(weir.client().get("/v2/mirror/b/manifests/1").status()).isEqualTo(200);
      assertThat(weir.client().get("/v2/mirror/b/blobs/" + Digest.sha256(new byte[]{'b'})).status()).isEqualTo(200);
    }
  }

  @Test
  void whatSomebodyPushedByANameStaysUnlessItIsToBeReplaced() throws IOException {
    quay.addImage("team/a", "v1", CONFIG, SHARED);
    Digest fresh = quay.addImage("team/a", "v2", CONFIG, LARGE);
    try (TestWeir weir = weir().start()) {
      Commands commands = new Commands(root());
      Path mapping = Files.writeString(folder.resolve("mapping.txt"), "quay.io/team/a:v1=mirror/a:1\n");
      assertThat(commands.run("precache", "-f", mapping.toString(), "--tags")).as(commands.out()).isZero();
      Digest pushed = weir.client().manifest("mirror/a", "1").digest();
      Files.writeString(mapping, "quay.io/team/a:v2=mirror/a:1\n");
      assertThat(commands.run("precache", "-f", mapping.toString(), "--tags", "--output", "json")).isEqualTo(1);
      assertThat(commands.report().missing()).singleElement().satisfies(each -> {
        assertThat(each.what()).isEqualTo("mirror/a:1");
        assertThat(each.reason()).contains(pushed.toString(), "--replace");
      });
      assertThat(weir.client().manifest("mirror/a", "1").digest()).isEqualTo(pushed);
      assertThat(commands.run("precache", "-f", mapping.toString(), "--tags", "--replace")).isZero();
      assertThat(weir.client().manifest("mirror/a", "1").digest()).isEqualTo(fresh);
    }
  }

  @Test
  void whatMakesNoSenseIsAMistakeInUse() throws IOException {
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache")).isEqualTo(2);
      assertThat(commands.err()).contains("there is no image to fetch");
      assertThat(commands.run("precache", "quay.io/a/b", "--pin", "no such name")).isEqualTo(2);
      assertThat(commands.run("precache", "-f", folder.resolve("absent").toString())).isEqualTo(1);
      assertThat(commands.err()).contains("there is no file");
      assertThat(commands.run("precache", "--cancel", "none")).isEqualTo(1);
    }
  }

  @Test
  void aWeirThatTakesNothingInSaysSo() {
    try (TestWeir _ = weir().environment(Map.of("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true"))
        .start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1")).isEqualTo(1);
      assertThat(commands.err()).contains("storage.maintenance.readonly");
    }
  }

  /** Scripts read this: names may come, none may go. */
  @Test
  void theReportsShapeStays() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED);
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      commands.run("precache", "quay.io/team/app:v1", "quay.io/team/none:v1", "--output", "json");
      JsonNode json = commands.json();
      assertThat(json.fieldNames()).toIterable().contains("complete", "dryRun", "refused", "images", "imagesHeld",
          "blobs", "bytes", "fetchBlobs", "fetchBytes", "readBytes", "doubt", "room", "missing", "releases", "pin",
          "names");
      assertThat(json.path("room").fieldNames()).toIterable().contains("bound", "used", "disk", "free", "evictable");
      assertThat(json.path("missing").path(0).fieldNames()).toIterable().contains("image", "what", "reason");
    }
  }

  @Test
  void theSameOrderAgainIsTheWorkThatIsUnderWayAndWhatIsCancelledEnds() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED, LARGE);
    quay.pauseBodiesAfter(100);
    try (TestWeir _ = weir().start()) {
      Commands commands = new Commands(root());
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--detach", "--output", "json")).isZero();
      String id = commands.json().path("id").asText();
      commands.run("precache", "quay.io/team/app:v1", "--detach", "--output", "json");
      assertThat(commands.json().path("id").asText()).isEqualTo(id);
      commands.run("precache", "quay.io/team/app:v1", "--dry-run", "--detach", "--output", "json");
      assertThat(commands.json().path("id").asText()).isNotEqualTo(id);
      assertThat(commands.run("precache", "--cancel", id)).isZero();
      quay.resumeBodies();
    }
  }

  @Test
  void aJobGoesOnWhenWeirIsStartedAgainUnderTheSameId() throws IOException {
    quay.addImage("team/app", "v1", CONFIG, SHARED, LARGE);
    quay.pauseBodiesAfter(20_000);
    Commands commands = new Commands(root());
    String id;
    try (TestWeir _ = weir().start()) {
      commands.run("precache", "quay.io/team/app:v1", "--detach", "--output", "json");
      id = commands.json().path("id").asText();
    }
    quay.resumeBodies();
    try (TestWeir _ = weir().start()) {
      assertThat(commands.run("precache", "quay.io/team/app:v1", "--output", "json")).as(commands.err()).isZero();
      assertThat(commands.err()).contains("job ");
      assertThat(Files.readString(root().resolve("weir/jobs/" + id))).contains("\"over\" : true");
    }
  }
}
