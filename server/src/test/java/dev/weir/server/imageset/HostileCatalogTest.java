package dev.weir.server.imageset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.weir.server.release.PullSpec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An index that somebody made so that its reader runs out of memory is refused in a sentence. */
class HostileCatalogTest {
  private static InputStream repeated(String begin, String piece, int times) {
    byte[] bytes = piece.getBytes(UTF_8);
    Enumeration<InputStream> pieces = Collections.enumeration(IntStream.range(0, times + 1)
        .mapToObj(i -> (InputStream) new ByteArrayInputStream(i == 0 ? begin.getBytes(UTF_8) : bytes)).toList());
    return new SequenceInputStream(pieces);
  }

  @Test
  void whatIsKeptOfACatalogHasAnEnd() {
    InputStream entries = repeated("{\"schema\": \"olm.channel\", \"entries\": [{}", ", {}".repeat(1_000), 2_000);

    assertThatThrownBy(() -> CatalogReader.read("configs/c.json", entries, new Room()))
        .isInstanceOf(IOException.class).hasMessage("it lists more images and versions than any catalog has");
  }

  @Test
  void aTextThatIsNeededIsNoLongerThanATextMayBe() {
    InputStream name = repeated("{\"name\": \"", "n".repeat(1_000), 2_000);

    assertThatThrownBy(() -> CatalogReader.read("configs/c.json", name, new Room())).isInstanceOf(IOException.class)
        .hasMessageContaining("the catalog's file configs/c.json cannot be read: ").hasMessageContaining("1048576");
  }

  @Test
  void aTextThatNobodyNeedsIsPassedOverHoweverLong() throws IOException {
    InputStream file = new SequenceInputStream(repeated("{\"data\": \"", "n".repeat(1_000), 3_000),
        new ByteArrayInputStream("\", \"schema\": \"olm.package\", \"name\": \"p\"}".getBytes(UTF_8)));

    assertThat(CatalogReader.read("configs/c.json", file, new Room()))
        .containsExactly(new CatalogBlob.Operator("p", ""));
  }

  @Test
  void aFileInYamlHasAnEndBecauseItsTextsAreKnownOnlyWhole() {
    InputStream line = repeated("name: '", "n".repeat(10_000), 4_000);
    InputStream text = repeated("name: '", "n".repeat(10_000) + "\n", 4_000);

    assertThatThrownBy(() -> CatalogReader.read("configs/c.yaml", line, new Room())).isInstanceOf(IOException.class)
        .hasMessageContaining("configs/c.yaml").hasMessageContaining("a line of more than 2097152 bytes");
    assertThatThrownBy(() -> CatalogReader.read("configs/c.yaml", text, new Room())).isInstanceOf(IOException.class)
        .hasMessageContaining("configs/c.yaml").hasMessageContaining("more than 33554432 bytes");
  }

  @Test
  void whatALayerTakesAwayIsGoneWithAllBelowIt() throws IOException {
    String operator = "{\"schema\": \"olm.package\", \"name\": \"%s\"}";
    FakeSource source = new FakeSource().index("quay.io/a/index:1", "/configs",
        List.of(
            FakeSource.files("configs/a/c.json", operator.formatted("a"), "configs/b/c.json", operator.formatted("b"),
                "configs/bb/c.json", operator.formatted("bb"), "configs/d/c.json", operator.formatted("d")),
            FakeSource.files("configs/.wh.b", "", "configs/d/.wh.c.json", "", "elsewhere/.wh.a", "")));

    assertThat(CatalogImage.read(source, PullSpec.parse("quay.io/a/index:1"), "amd64").operators())
        .containsExactly("a", "bb");
  }
}
