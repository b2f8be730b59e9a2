package dev.weir.server.precache;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(300)
class TogetherTest {
  @Test
  void oneThatThrowsWhateverItIsComesToWhatIsSaidOfItAndTheOthersToTheirs() {
    List<String> results = Together.map("test", List.of(1, 2, 3), each -> {
      if (each == 2) {
        throw new StackOverflowError("deep");
      }
      return "done " + each;
    }, (each, why) -> each + ": " + why.getMessage());
    assertThat(results).containsExactly("done 1", "2: deep", "done 3");
  }
}
