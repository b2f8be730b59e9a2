package dev.weir.server.ui;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.weir.server.http.Visitor;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.RepositoryName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Repositories of a store that others write to as well, where nothing in memory knows them all. */
final class RepositoriesTest {
  private final Content content = Content.of(new InMemoryObjectStore());
  private final AtomicLong nanos = new AtomicLong();
  /** How long each look at the clock takes. */
  private long slowness;
  private final List<Runnable> beside = new ArrayList<>();
  private final Repositories repositories = new Repositories(content, new Holdings(InstantSource.system()), false,
      () -> nanos.addAndGet(slowness), task -> beside.add(task));

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
    Visitor everybody = new Visitor("-", false, false, true, name -> true, first -> true);
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
  void aSearchGoesOverTheNamesThatAWalkFoundAndTellsHowManyThereAre() throws IOException {
    Visitor everybody = new Visitor("-", false, false, true, name -> true, first -> true);
    assertThat(list(everybody, "a", "").matching()).as("while the walk goes on").isNull();
    assertThat(list(everybody, "e f", "").repositories()).hasSize(1);
    assertThat(beside).as("one walk, however many search").hasSize(1);
    beside.removeFirst().run();
    slowness = Duration.ofMillis(500).toNanos();

    Repositories.View first = list(everybody, "A", "");
    assertThat(first.matching()).isEqualTo(3);
    assertThat(first.repositories()).extracting(Repositories.Row::name).containsExactly("a", "a/b");
    Repositories.View rest = list(everybody, "A", Objects.requireNonNull(first.next()));
    assertThat(rest.repositories()).extracting(Repositories.Row::name).containsExactly("a-c");
    assertThat(rest.next()).isNull();
    assertThat(
        list(new Visitor("bob", false, false, false, name -> name.isWithin("d"), one -> true), "e", "").matching())
        .isEqualTo(1);
    assertThat(beside).isEmpty();
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    list(everybody, "a", "");
    assertThat(beside).as("the next walk").hasSize(1);
  }

  @Test
  void nobodyIsToldOfOneThatHeMayNotPull() throws IOException {
    Visitor other = new Visitor("bob", false, false, false, name -> name.isWithin("d"), first -> true);
    assertThat(list(other, "", "").repositories()).extracting(Repositories.Row::name).containsExactly("d/e/f");
  }

  @Test
  void noCursorTellsWhereItIsAmongWhatTheVisitorMayNotPull() throws IOException {
    slowness = Duration.ofSeconds(1).toNanos();
    Visitor nobody = new Visitor("eve", false, false, false, name -> false, first -> true);
    List<String> cursors = new ArrayList<>();
    for (String last = ""; last != null && cursors.size() < 10;) {
      Repositories.View page = list(nobody, "", last);
      assertThat(page.repositories()).isEmpty();
      last = page.next();
      if (last != null) {
        cursors.add(last);
      }
    }
    assertThat(cursors).hasSizeBetween(2, 9).allMatch(cursor -> cursor.startsWith("~"));
    assertThat(cursors).extracting(String::length).containsOnly(cursors.getFirst().length());
    for (String forged : List.of("~", "~abc", "~" + "A".repeat(400), cursors.getFirst() + "A")) {
      assertThatThrownBy(() -> list(nobody, "", forged)).isInstanceOf(RegistryException.class);
    }
  }
}
