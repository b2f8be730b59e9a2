package dev.weir.server.shipped;

import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What an edge node is installed with says the same everywhere; {@code conf/edge/render} writes what is derived. */
class EdgeNodeTest {
  private static final String MOUNT_POINT = "/var/imageregistry";

  private static final Map<String, String> FILES = Map.of("/etc/weir/weir.yml", "edge/weir.yml",
      "/etc/containers/registries.conf.d/50-weir.conf", "edge/50-weir.conf");

  private static JsonNode ignition() {
    return Shipped.document("edge/machineconfig.yaml").path("spec").path("config");
  }

  private static Map<String, JsonNode> units() {
    return ignition().path("systemd").path("units").valueStream()
        .collect(Collectors.toMap(unit -> unit.path("name").asText(), unit -> unit));
  }

  @Test
  void theMachineConfigHoldsTheFilesBesideIt() {
    Map<String, JsonNode> held = ignition().path("storage").path("files").valueStream()
        .collect(Collectors.toMap(file -> file.path("path").asText(), file -> file));
    assertThat(held.keySet()).isEqualTo(FILES.keySet());
    FILES.forEach((path, name) -> {
      String source = held.getOrDefault(path, ignition()).path("contents").path("source").asText();
      assertThat(source).startsWith("data:,");
      // a plus is itself in such an address
      assertThat(URLDecoder.decode(source.substring("data:,".length()).replace("+", "%2B"), UTF_8)).as(path)
          .isEqualTo(Shipped.text(name));
      assertThat(held.getOrDefault(path, ignition()).path("mode").asInt()).isEqualTo(0644);
    });
  }

  @Test
  void theMachineConfigHoldsTheUnitsBesideItAndStartsThoseThatWantToBe() {
    Map<String, JsonNode> units = units();
    assertThat(units.keySet()).isEqualTo(Shipped.files("edge", ".service", ".path").stream()
        .map(Path::getFileName).map(String::valueOf).collect(Collectors.toSet()));
    units.forEach((name, unit) -> {
      String text = Shipped.text("edge/" + name);
      assertThat(unit.path("contents").asText()).as(name).isEqualTo(text);
      assertThat(unit.path("enabled").asBoolean()).as(name).isEqualTo(text.contains("[Install]"));
    });
  }

  @Test
  void ignitionMakesThePartitionThatButaneDescribes() {
    JsonNode butane = Shipped.documents(Shipped.FOLDER.resolve("edge/disk.bu")).getFirst().path("storage");
    JsonNode made = Shipped.json(Shipped.text("edge/disk.ign"));
    JsonNode disk = butane.path("disks").path(0);
    JsonNode madeDisk = made.path("storage").path("disks").path(0);
    JsonNode partition = madeDisk.path("partitions").path(0);
    JsonNode system = butane.path("filesystems").path(0);
    JsonNode madeSystem = made.path("storage").path("filesystems").path(0);

    assertThat(made.path("ignition").path("version").asText()).as("what fcos 1.3.0 becomes").isEqualTo("3.2.0");
    assertThat(madeDisk.path("device")).isEqualTo(disk.path("device"));
    assertThat(madeDisk.path("wipeTable")).isEqualTo(disk.path("wipe_table"));
    assertThat(partition.path("label")).isEqualTo(disk.path("partitions").path(0).path("label"));
    assertThat(partition.path("startMiB")).isEqualTo(disk.path("partitions").path(0).path("start_mib"));
    assertThat(partition.path("sizeMiB")).isEqualTo(disk.path("partitions").path(0).path("size_mib"));
    for (String key : List.of("path", "device", "format")) {
      assertThat(madeSystem.path(key)).isEqualTo(system.path(key));
    }
    assertThat(madeSystem.path("wipeFilesystem")).isEqualTo(system.path("wipe_filesystem"));
    assertThat(system.path("wipe_filesystem").booleanValue()).as("images go when the node is installed anew").isFalse();
    assertThat(madeSystem.path("mountOptions")).isEqualTo(system.path("mount_options"));
    assertThat(system.path("path").asText()).isEqualTo(MOUNT_POINT);
    assertThat(strings(system.path("mount_options"))).contains("prjquota");
    assertThat(made.path("systemd").path("units").path(0).path("name").asText()).isEqualTo("var-imageregistry.mount");
    assertThat(made.path("systemd").path("units").path(0).path("contents").asText())
        .contains("Where=" + MOUNT_POINT + "\n", "What=" + system.path("device").asText() + "\n",
            "Options=defaults,prjquota\n", "systemd-fsck@dev-disk-by\\x2dpartlabel-var\\x2dimageregistry.service");
  }

  @Test
  void theSiteHasThatPartitionAndKeepsItWhenItIsInstalledAnew() {
    JsonNode node = Shipped.document("ztp/siteconfig.yaml").path("spec").path("clusters").path(0).path("nodes").path(0);
    assertThat(Shipped.json(node.path("ignitionConfigOverride").asText()))
        .isEqualTo(Shipped.json(Shipped.text("edge/disk.ign")));
    assertThat(strings(Shipped.json(node.path("installerArgs").asText()))).containsExactly("--save-partlabel",
        "var-imageregistry");
  }

  @Test
  void policiesComeInWavesEachAfterWhatItNeeds() {
    JsonNode files = Shipped.document("ztp/policygentemplate.yaml").path("spec").path("sourceFiles");
    List<Integer> waves = files.valueStream().map(each -> each.path("metadata").path("annotations")
        .path("ran.openshift.io/ztp-deploy-wave").asText()).map(Integer::valueOf).toList();
    assertThat(waves).isSorted();
    assertThat(files.findValuesAsText("complianceType")).containsExactly("musthave");
    assertThat(files.findValue("local").path("path").asText()).isEqualTo(MOUNT_POINT);
    assertThat(files.findValue("pvc").path("claim").asText()).isEqualTo("image-registry-pvc");
  }

  @Test
  void weirComesBeforeWhoeverPullsAndWaitsForNoNetwork() {
    String weir = Shipped.text("edge/weir.service");
    String load = Shipped.text("edge/weir-load.service");
    assertThat(line(weir, "Before")).contains("kubelet.service", "crio.service");
    assertThat(line(weir, "After")).contains("weir-load.service", "crio-wipe.service").doesNotContain("network");
    assertThat(line(load, "After")).contains("crio-wipe.service").doesNotContain("network");
    assertThat(line(load, "Before")).contains("weir.service");
    assertThat(weir).contains("Restart=always", "--pull=never", "RequiresMountsFor=" + MOUNT_POINT);
    String image = "localhost/weir:edge";
    assertThat(List.of(weir, load, Shipped.text("edge/static-pod.yaml"))).allSatisfy(text -> assertThat(text).contains(
        image));
  }

  @Test
  void theNodeAsksWeirWhereItListensForEveryUpstreamThatItHas() {
    JsonNode config = Shipped.document("edge/weir.yml");
    String address = config.path("http").path("addr").asText();
    String mirrors = Shipped.text("edge/50-weir.conf");
    config.path("upstreams").properties().forEach(upstream -> assertThat(mirrors)
        .contains("location = \"" + address + "/" + upstream.getKey() + "\"\ninsecure = true\n"));
  }

  private static String line(String unit, String key) {
    return unit.lines().filter(line -> line.startsWith(key + "=")).findFirst().orElse("");
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
