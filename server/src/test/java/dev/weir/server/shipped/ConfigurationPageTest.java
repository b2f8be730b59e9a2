package dev.weir.server.shipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/configuration.md} is made out of {@code conf/weir.yml} and {@code conf/s3.yml}, and is in step with them. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String INTRODUCTION = """
      # Every key of the configuration

      Made out of [conf/weir.yml](../conf/weir.yml) and [conf/s3.yml](../conf/s3.yml), which can be copied as they are.

      The schema is distribution's (registry:2, registry:3), so an existing `config.yml` works as it is. Every key has its variable:
      `REGISTRY_` and the path of the key, in capitals, joined by `_`, with a YAML value: `REGISTRY_HTTP_ADDR=:5001`,
      `REGISTRY_CACHE_TAGTTL=1h`, `REGISTRY_UPSTREAMS='{quay.io: {}, ghcr.io: {}}'`. A variable goes before the file. Durations: `30s`,
      `10m`, `168h`. Sizes: `512MiB`, `100GiB`, `1TB`. Rates: `8Mbit/s`, `1MB/s`.
      `weir serve --check CONFIG` shows what holds in the end.
      """;

  private static ConfigurationPage page() {
    return new ConfigurationPage().take("weir.yml", "").heading("Data in a bucket")
        .take("s3.yml", "storage.s3");
  }

  /** {@code -Dweir.docs.write=true} writes it anew. */
  @Test
  void thePageSaysWhatTheFilesSay() throws IOException {
    String expected = INTRODUCTION + page().text();
    if (Boolean.getBoolean("weir.docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE).as("write it anew with -Dtest=ConfigurationPageTest -Dweir.docs.write=true").content()
        .isEqualTo(expected);
  }

  @Test
  void noKeyIsLeftOut() {
    assertThat(page().keys()).hasSizeGreaterThan(90).contains("http.tls.minimumtls", "upstreams.<name>.maxrate",
        "rules",
        "storage.filesystem.rootdirectory", "storage.s3.chunksize", "release.keys", "cache.scratch.maxsize",
        "gc.grace");
  }
}
