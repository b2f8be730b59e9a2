package dev.weir.bench;

import java.io.IOException;
import java.net.URI;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WrkTest {
  private static final URI TARGET = URI.create("http://127.0.0.1:5000/v2/");

  @Test
  void theLineOfTheScriptIsReadAmongWhatWrkPrints() throws IOException {
    String output = """
        Running 5s test @ http://127.0.0.1:5000/v2/
          2 threads and 32 connections
        Requests/sec:  40000.12
        weir-bench 5001234 200061 1073741824 12345 0
        """;
    assertThat(Wrk.parse(output, TARGET)).isEqualTo(new Load(5.001234, 200_061, 1_073_741_824, 12.345));
  }

  @Test
  void aLargeAnswerThatDidNotEndCountsWithItsBytes() throws IOException {
    assertThat(Wrk.parse("weir-bench 1000000 0 5000 0 0", TARGET).bytes()).isEqualTo(5000);
  }

  @Test
  void answersThatWereErrorsAreNoMeasurement() {
    assertThatThrownBy(() -> Wrk.parse("weir-bench 1000000 700 5000 10 3", TARGET)).isInstanceOf(IOException.class)
        .hasMessageContaining("3 errors").hasMessageContaining(TARGET.toString());
  }

  @Test
  void nothingReceivedIsNoMeasurement() {
    assertThatThrownBy(() -> Wrk.parse("weir-bench 1000000 0 0 0 0", TARGET)).hasMessageContaining("0 bytes");
  }

  @Test
  void whatWrkSaidInsteadIsShown() {
    assertThatThrownBy(() -> Wrk.parse("unable to connect", TARGET)).hasMessageContaining("unable to connect");
  }
}
