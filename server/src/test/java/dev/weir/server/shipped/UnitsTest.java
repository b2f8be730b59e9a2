package dev.weir.server.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.realclient.NeedsPrograms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Units for systemd, and the one that podman makes units of. */
class UnitsTest {
  /** Those of podman 4.9. */
  private static final Set<String> OF_A_CONTAINER = Set.of("Image", "ContainerName", "Pull", "Exec", "Environment",
      "Network", "Volume", "ReadOnly", "ReadOnlyTmpfs", "DropCapability", "NoNewPrivileges", "LogDriver", "HealthCmd",
      "HealthInterval", "HealthTimeout", "HealthStartPeriod", "PodmanArgs");
  private static final Pattern VOLUME = Pattern.compile("(?m)(?:^Volume=|--volume[ =])(\\S+)");

  private static String verify(List<Path> units) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
    units.forEach(unit -> command.add(unit.toAbsolutePath().normalize().toString()));
    Process analyze = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(analyze.getInputStream().readAllBytes(), UTF_8);
    assertThat(analyze.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  @NeedsPrograms({"systemd-analyze", "podman"})
  void systemdFindsNothingWrongWithAnEdgeNodesUnits(@TempDir Path directory) throws Exception {
    List<Path> units = Shipped.files("edge", ".service", ".path");
    assertThat(verify(units)).isEmpty();

    Path broken = Files.writeString(directory.resolve("weir-broken.service"),
        Shipped.text("edge/weir.service").replace("Restart=", "Restrat="));
    assertThat(verify(List.of(broken))).contains("Restrat");
  }

  @Test
  void theMirrorHostsUnitHasOnlyKeysThatPodmanKnows() {
    String section = "";
    for (String line : Shipped.text("mirror-host/weir.container").lines().toList()) {
      if (line.startsWith("[")) {
        section = line;
      } else if (section.equals("[Container]") && !line.startsWith("#") && !line.isBlank()) {
        assertThat(OF_A_CONTAINER).contains(line.substring(0, line.indexOf('=')));
      }
    }
    assertThat(section).isEqualTo("[Install]");
    assertThat(Shipped.text("mirror-host/weir.container")).contains("\nRestart=always\n");
  }

  @Test
  void theMirrorHostRunsTheSameByHandAsByItsUnit() {
    String unit = Shipped.text("mirror-host/weir.container");
    String script = Shipped.text("mirror-host/run");
    assertThat(volumes(script)).isEqualTo(volumes(unit)).hasSize(3);
    assertThat(script).contains("serve /etc/weir/weir.yml", "--read-only ", "--cap-drop all", "no-new-privileges",
        "--restart always", "--network host");
  }

  private static Set<String> volumes(String text) {
    return VOLUME.matcher(text).results().map(MatchResult::group).map(found -> found.replaceAll(".*[= ]", ""))
        .collect(Collectors.toSet());
  }
}
