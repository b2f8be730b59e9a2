package dev.weir.server.release;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.server.ocreplay.Ustar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A layer that somebody made so that its reader runs out of memory is refused in a sentence. */
class HostileLayerTest {
  private static final LayerFiles FILES = new LayerFiles(1L << 30, 8 << 20);

  /** An entry of another type than a file. */
  private static byte[] entry(char type, byte[] content) {
    byte[] header = Ustar.header("entry", content.length);
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    System.arraycopy("%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 8);
    return joined(header, content, Ustar.padding(content.length));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] repeated(byte[] part, int times) {
    byte[][] parts = new byte[times][];
    Arrays.fill(parts, part);
    return joined(parts);
  }

  private static byte[] record(String key, int value) {
    String rest = " " + key + "=" + "v".repeat(value) + "\n";
    int length = rest.length() + 5;
    return ("%05d".formatted(length) + rest).getBytes(UTF_8);
  }

  private static void read(byte[] layer) throws IOException {
    FILES.read(new ByteArrayInputStream(layer), (path, file) -> true);
  }

  @ParameterizedTest
  @ValueSource(chars = {'L', 'K', 'x', 'g'})
  void aNameWithoutEndIsRefusedBeforeItIsInMemory(char type) {
    byte[] content = "n".repeat(100_000).getBytes(UTF_8);
    byte[] layer = joined(entry(type, content), Ustar.header("file", 0), Ustar.end());

    assertThatThrownBy(() -> read(layer)).isInstanceOf(IOException.class)
        .hasMessage("holds a header of 100000 bytes, more than the 65536 that names and attributes have");
  }

  @Test
  void namesOfNamesAreRefusedBeforeTheStackEnds() {
    byte[] layer = joined(repeated(entry('L', "name".getBytes(UTF_8)), 20_000), Ustar.header("file", 0), Ustar.end());

    assertThatThrownBy(() -> read(layer)).isInstanceOf(IOException.class)
        .hasMessage("holds more than 262144 bytes of headers before one file");
  }

  @Test
  void attributesForAllThatFollowsDoNotAddUp() {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      layer.writeBytes(entry('g', record("key" + i, 5_000)));
      layer.writeBytes(Ustar.header("file" + i, 0));
    }

    assertThatThrownBy(() -> read(layer.toByteArray())).isInstanceOf(IOException.class)
        .hasMessageMatching("holds a header of [0-9]{5} bytes, more than the 65536 .*");
  }

  @Test
  void mapsOfHolesDoNotFillTheMemory() {
    byte[] attributes = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=1000\n".getBytes(UTF_8);
    byte[] map = ("99999999\n" + "0\n0\n".repeat(200_000)).getBytes(UTF_8);
    byte[] layer = joined(entry('x', attributes), Ustar.header("file", map.length), map, Ustar.padding(map.length),
        Ustar.end());

    assertThatThrownBy(() -> read(layer)).isInstanceOf(IOException.class)
        .hasMessage("holds more than 262144 bytes of headers before one file");
  }

  @Test
  void whatHonestLayersHaveIsRead() throws IOException {
    String path = "a/".repeat(2_000) + "file";
    byte[] layer = joined(Ustar.header("large", 3_000_000), new byte[3_000_000], Ustar.padding(3_000_000),
        entry('L', (path + "\0").getBytes(UTF_8)), entry('x', record("SCHILY.xattr.user.x", 3_000)),
        Ustar.header("file", 5), "hello".getBytes(UTF_8), Ustar.padding(5), Ustar.end());
    StringBuilder seen = new StringBuilder();

    FILES.read(new ByteArrayInputStream(layer), (name, file) -> {
      seen.append(name.length()).append(name.equals("large") ? " " : new String(file.content(), UTF_8));
      return true;
    });
    assertThat(seen).hasToString("5 " + path.length() + "hello");
  }

  @Test
  void aListOfNothingsDoesNotBecomeATreeOfThem() {
    byte[] json = ("{\"kind\": \"ImageStream\", \"x\": [" + "[],".repeat(2_000_000) + "[]]}").getBytes(UTF_8);
    byte[] layer = joined(Ustar.header("release-manifests/image-references", json.length), json,
        Ustar.padding(json.length), Ustar.end());

    assertThatThrownBy(() -> ReleasePayload.read(new ByteArrayInputStream(layer))).isInstanceOf(IOException.class)
        .hasMessageStartingWith("no release image: ").hasMessageContaining("500000");
  }
}
