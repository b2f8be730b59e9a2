package dev.weir.server.oci;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ViaTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', value = {
      "1.1 weir-ab | [weir-ab]",
      "1.1 weir-ab, 1.1 weir-cd | [weir-ab, weir-cd]",
      "HTTP/1.1 weir-ab (comment) | [weir-ab]",
      "2 weir-ab | [weir-ab]",
      "1.1 nginx, 1.1 weir-ab, 1.0 fred (Apache/1.1) | [weir-ab]",
      "1.1 WEIR-AB | []",
      "weir-ab | []",
      "1.1 weir- | []",
      "nonsense,,, | []"
  })
  void onlyWeirsAreReadOutOfAHeader(String header, String weirs) {
    assertThat(Via.parse(Optional.of(header)).weirs()).hasToString(weirs);
  }

  @Test
  void aChainThatIsWrittenIsReadAsTheSame() {
    Via chain = Via.NOBODY.then("weir-a").then("weir-b");
    assertThat(Via.parse(Optional.of(chain.toString()))).isEqualTo(chain);
    assertThat(chain.passed("weir-a")).isTrue();
    assertThat(chain.passed("weir-c")).isFalse();
    assertThat(chain.hops()).isEqualTo(2);
  }

  @Test
  void withoutAHeaderNobodyStandsBetween() {
    assertThat(Via.parse(Optional.empty())).isEqualTo(Via.NOBODY);
  }

  @Test
  void trueWeirsStandAtTheEndOfAChainWhateverSomebodyWroteBefore() {
    assertThat(Via.parse(Optional.of("1.1 weir-a, ".repeat(1000) + "1.1 weir-me")).passed("weir-me")).isTrue();
  }

  @Test
  void aChainWithoutEndIsCut() {
    assertThat(Via.parse(Optional.of("1.1 weir-a,".repeat(100_000))).hops()).isLessThan(100);
  }
}
