package dev.weir.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RepositoriesTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final FaultyObjectStore store = new FaultyObjectStore(memory);
  private final Repositories repositories = new Repositories(store);

  private void add(String... names) throws IOException {
    for (String name : names) {
      new BlobStore(memory).link(RepositoryName.parse(name), Samples.LAYER);
    }
  }

  private List<String> after(String last, int limit) throws IOException {
    try (Stream<RepositoryName> all = repositories.after(last)) {
      return all.limit(limit).map(RepositoryName::value).toList();
    }
  }

  @Test
  void theyComeInTheOrderOfTheirComponents() throws IOException {
    String[] ordered = {"a", "a/0", "a/b", "a/b/c", "a-b", "a-b/a", "a.b", "a0", "a_b", "aa", "b/only/below"};
    add(ordered);
    assertThat(after("", 100)).containsExactly(ordered);
    List<String> walked = new ArrayList<>();
    for (List<String> page = after("", 1); !page.isEmpty(); page = after(page.getLast(), 1)) {
      walked.addAll(page);
    }
    assertThat(walked).containsExactly(ordered);
  }

  @Test
  void whatIsAskedForNeedNotExist() throws IOException {
    add("a/b", "a/d", "c");
    assertThat(after("a", 9)).containsExactly("a/b", "a/d", "c");
    assertThat(after("a/c/x/y", 9)).containsExactly("a/d", "c");
    assertThat(after("a/d/", 9)).containsExactly("c");
    assertThat(after("zz", 9)).isEmpty();
    assertThat(after("a/b" + "/b".repeat(5_000), 9)).containsExactly("a/d", "c");
    assertThat(after("..//~\u0000", 9)).containsExactly("a/b", "a/d", "c");
  }

  @Test
  void aNameUnderWhichOnlyUploadsLieIsNone() throws IOException {
    memory.putBytes(new ObjectKey("docker/registry/v2/repositories/a/_uploads/x/data"), new byte[1]);
    memory.putBytes(new ObjectKey("docker/registry/v2/repositories/b/_manifests/tags/t/current/link"), new byte[1]);
    memory.putBytes(new ObjectKey("docker/registry/v2/repositories/UPPER/_layers/x/link"), new byte[1]);
    assertThat(after("", 9)).containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "team-3/app-500", "team-9/app-990"})
  void aPageCostsWhatItReturnsHoweverManyThereAre(String last) throws IOException {
    List<String> names = IntStream.range(0, 10_000).mapToObj(i -> "team-%d/app-%03d".formatted(i / 1_000, i % 1_000))
        .toList();
    add(names.toArray(String[]::new));
    List<String> page = after(last, 10);
    assertThat(page).hasSize(last.equals("team-9/app-990") ? 9 : 10);
    int from = names.indexOf(last) + 1;
    assertThat(page).isEqualTo(names.subList(from, from + page.size()));
    assertThat(store.calls()).hasSizeLessThanOrEqualTo(2 * page.size() + 8);
  }
}
