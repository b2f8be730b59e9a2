package dev.weir.server.keep.shared;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

final class CondemnedTest {
  private static List<Digest> some(int from, int to) {
    return IntStream.range(from, to).mapToObj(seed -> Digest.sha256(Replicas.bytes(seed))).toList();
  }

  @Test
  void imagesGoAFewAtATimeAndBlobsInLargePortionsOfTheirOwn() {
    Condemned list = Condemned.of("0123", 1, some(0, 26), some(100, 301));
    assertThat(list.portions()).isEqualTo(4);
    assertThat(IntStream.range(0, 4).map(number -> list.portion(number).size())).containsExactly(25, 1, 200, 1);
    for (int number = 0; number < 4; number++) {
      int portion = number;
      assertThat(list.portion(number)).allMatch(each -> list.portionOf(each) == portion)
          .allMatch(each -> list.isImage(each) == portion < 2);
    }
    assertThat(Condemned.parse("0123", list.text()).portion(1)).isEqualTo(list.portion(1));
  }

  @Test
  void aListWithoutImagesIsAsItEverWas() {
    Condemned list = Condemned.of("0123", 17, some(0, 1));
    assertThat(new String(list.text(), US_ASCII)).isEqualTo("17\n" + list.blobs().getFirst() + "\n");
    assertThat(Condemned.parse("0123", list.text()).images()).isEmpty();
  }
}
