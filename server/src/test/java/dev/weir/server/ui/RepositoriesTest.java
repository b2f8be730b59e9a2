package dev.weir.server.ui;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.server.http.Visitor;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;

/** Repositories of a store that others write to as well, where nothing in memory knows them all. */
final class RepositoriesTest {
  private final Content content = Content.of(new InMemoryObjectStore());
  private final AtomicLong nanos = new AtomicLong();
  /** How long each look at the clock takes. */
  private long slowness;
  private final Repositories repositories = new Repositories(content, new Holdings(InstantSource.system()), false,
      () -> nanos.addAndGet(slowness));

  @BeforeEach
  void fill() throws IOException {
    byte[] json = Pictures.manifest(Pictures.bytes("{}"), Pictures.bytes("layer"), "x")
        .getBytes(StandardCharsets.UTF_8);
    for (String name : List.of("a", "a/b", "a-c", "d/e/f", "g")) {
      content.manifests().putOwned(RepositoryName.parse(name),
          new Manifest(MediaTypes.OCI_MANIFEST, Digest.sha256(json), json));
    }
  }

  private Repositories.View list(Visitor visitor, String query, String last) throws IOException {
    return repositories.list(new Question(visitor, Map.of("q", query, "last", last, "n", "2"), "weir"));
  }

  /** All, page by page. */
  private List<String> all(String query) throws IOException {
    Visitor everybody = new Visitor("-", false, true, name -> true);
    List<String> found = new ArrayList<>();
    for (String last = ""; last != null;) {
      Repositories.View page = list(everybody, query, last);
      page.repositories().forEach(row -> found.add(row.name()));
      assertThat(page.repositories()).allMatch(row -> row.bytes() == null);
      assertThat(page.matching()).isNull();
      last = page.next();
    }
    return found;
  }

  @Test
  void theyAreWalkedPageByPageWithoutNumbers() throws IOException {
    assertThat(all("")).containsExactly("a", "a/b", "a-c", "d/e/f", "g");
    assertThat(all("A")).containsExactly("a", "a/b", "a-c");
  }

  @Test
  void aWalkThatTakesTooLongEndsWhereItIsAndGoesOnFromThere() throws IOException {
    slowness = Duration.ofSeconds(1).toNanos();
    assertThat(all("e f")).containsExactly("d/e/f");
    assertThat(all("nothing like it")).isEmpty();
  }

  @Test
  void nobodyIsToldOfOneThatHeMayNotPull() throws IOException {
    Visitor other = new Visitor("bob", false, false, name -> name.isWithin("d"));
    assertThat(list(other, "", "").repositories()).extracting(Repositories.Row::name).containsExactly("d/e/f");
  }
}
