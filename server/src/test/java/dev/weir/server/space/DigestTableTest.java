package dev.weir.server.space;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

class DigestTableTest {
  private final DigestTable table = new DigestTable();

  @Test
  void itAnswersAsAMapWouldWhateverComesAndGoes() {
    Random random = new Random(7);
    Map<Digest, Integer> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String seed = "blob " + random.nextInt(2_000);
      Digest digest = random.nextInt(20) == 0
          ? Digest.of(Digest.Algorithm.SHA512, seed.getBytes(StandardCharsets.UTF_8))
          : Digest.sha256(seed.getBytes(StandardCharsets.UTF_8));
      Integer known = expected.get(digest);
      assertThat(table.find(digest)).isEqualTo(known == null ? DigestTable.NONE : known);
      if (known == null) {
        expected.put(digest, table.add(digest));
      } else if (random.nextInt(3) > 0) {
        table.remove(known);
        expected.remove(digest);
      }
    }
    assertThat(new HashSet<>(expected.values())).hasSameSizeAs(expected.keySet());
    expected.forEach((digest, number) -> assertThat(table.digest(number)).isEqualTo(digest));
    assertThat(table.end()).as("numbers are given out again").isLessThan(4_000);
  }

  @Test
  void twoDigestsThatBeginAlikeAreTwo() {
    String begin = "0123456789abcdef".repeat(4);
    Digest shorter = new Digest(Digest.Algorithm.SHA256, begin);
    Digest longer = new Digest(Digest.Algorithm.SHA512, begin + begin);
    assertThat(table.add(shorter)).isNotEqualTo(table.add(longer));
    assertThat(table.digest(table.find(longer))).isEqualTo(longer);
    table.remove(table.find(longer));
    assertThat(table.find(longer)).isEqualTo(DigestTable.NONE);
    assertThat(table.find(shorter)).isNotEqualTo(DigestTable.NONE);
  }
}
