package dev.weir.server.shipped;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.weir.server.realclient.NeedsPrograms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Prometheus' own tool reads the alerts. */
@NeedsPrograms("promtool")
class PromtoolTest {
  @Test
  void theAlertsAreRules() throws Exception {
    Process promtool = new ProcessBuilder(List.of("promtool", "check", "rules", Shipped.FOLDER.resolve(
        "prometheus/weir.rules.yml").toString())).redirectErrorStream(true).start();
    String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).contains("12 rules found");
  }
}
