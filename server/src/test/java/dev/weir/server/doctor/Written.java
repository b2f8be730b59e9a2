package dev.weir.server.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.WeirConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** Configurations written out in a test, and what is to be found in findings. */
final class Written {
  private Written() {}

  static WeirConfig config(Path folder, String yaml) {
    try {
      return ConfigLoader.load(Files.writeString(folder.resolve("weir.yml"), yaml), Map.of()).config();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** The one finding whose sentence contains {@code part}. */
  static Finding about(List<Finding> findings, String part) {
    List<Finding> found = findings.stream().filter(finding -> finding.what().contains(part)).toList();
    assertThat(found).as("'%s' in %s", part, findings).hasSize(1);
    return found.getFirst();
  }

  /** Those for which something is to be done all say what. */
  static List<Finding> advised(List<Finding> findings) {
    assertThat(findings).isNotEmpty().allSatisfy(
        finding -> assertThat(finding.todo().isEmpty()).isEqualTo(finding.level() == Finding.Level.OK));
    return findings;
  }
}
