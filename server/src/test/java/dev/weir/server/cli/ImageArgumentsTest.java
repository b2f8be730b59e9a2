package dev.weir.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** registry:2's command line in weir's words. */
class ImageArgumentsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"serve /c.yml|serve /c.yml", "/c.yml|serve /c.yml", "c.yaml|serve c.yaml",
      "registry serve /c.yml|serve /c.yml", "registry /c.yml|serve /c.yml", "registry --version|--version",
      "registry garbage-collect /c.yml -m|garbage-collect /c.yml -m",
      "garbage-collect -d /c.yml|garbage-collect -d /c.yml",
      "registry registry|registry", "certs show|certs show", "--config=c.yml|--config=c.yml"})
  void wordsBecome(String given, String meant) {
    assertThat(ImageArguments.of(given.split(" ", -1))).containsExactly(meant.split(" ", -1));
  }

  @Test
  void nothingStaysNothing() {
    assertThat(ImageArguments.of()).isEmpty();
    assertThat(ImageArguments.of("registry")).isEmpty();
  }

  @Test
  void configurationIsTheOneNamedElseTheVariablesElseWeirs() {
    Path weirs = Path.of(System.getProperty("weir.home", "."), "conf", "weir.yml");
    Map<String, String> variable = Map.of("REGISTRY_CONFIGURATION_PATH", "/v.yml");
    assertThat(ConfigFile.chosen(Optional.of(Path.of("/n.yml")), variable)).hasToString("/n.yml");
    assertThat(ConfigFile.chosen(Optional.empty(), variable)).hasToString("/v.yml");
    assertThat(ConfigFile.chosen(Optional.empty(), Map.of("REGISTRY_CONFIGURATION_PATH", ""))).isEqualTo(weirs);
    assertThat(ConfigFile.chosen(Optional.empty(), Map.of())).isEqualTo(weirs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage-collect CONFIG", "garbage-collect CONFIG -d", "garbage-collect -m CONFIG",
      "garbage-collect --dry-run --delete-untagged CONFIG", "registry garbage-collect -d -m CONFIG",
      "garbage-collect --delete-untagged=true CONFIG", "garbage-collect -q CONFIG"})
  void garbageIsCollectedInRegistry2sWords(String line) throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path config = Files.writeString(folder.resolve("config.yml"),
        "storage: {filesystem: {rootdirectory: \"" + data + "\"}}\n");
    StringWriter out = new StringWriter();
    int exit = WeirCommand.commands().setOut(new PrintWriter(out, true))
        .execute(ImageArguments.of(line.replace("CONFIG", config.toString()).split(" ", -1)));
    assertThat(exit).isEqualTo(0);
    assertThat(out.toString().lines()).singleElement()
        .isEqualTo("0 blobs marked, 0 blobs and 0 manifests eligible for deletion");
    assertThat(data.resolve("docker")).doesNotExist();
  }
}
