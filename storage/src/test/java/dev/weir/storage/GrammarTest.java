package dev.weir.storage;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What may be called what. */
class GrammarTest {
  private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "library/alpine", "quay.io/openshift-release-dev/ocp-release", "a.b_c__d-e---f/g",
      "a/b/c/d/e/f/g/h/i/j/k", "localhost/x", "sha256"})
  void isARepositoryName(String name) {
    assertThat(RepositoryName.parse(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", "A", "aB", "_a",
      "a/_layers", "a/_manifests/tags", "a_", "a.", "a-", "-a", ".a", "a..b", "a___b", "a._b", "a b", "a\n", "a\u0000b",
      "a%2f..", "a\\b", "ä", "a:b", "a@b", "aİ"})
  void isNoRepositoryName(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> RepositoryName.parse(name))
        .withMessageStartingWith("not a repository name: '");
  }

  @Test
  void aRepositoryNameHasAtMost255Characters() {
    assertThat(RepositoryName.parse("a".repeat(255)).value()).hasSize(255);
    assertThat(RepositoryName.parse("a/".repeat(127) + "a").value()).hasSize(255);
    assertThatIllegalArgumentException().isThrownBy(() -> RepositoryName.parse("a".repeat(256)));
  }

  @Test
  void aRepositoryNameKnowsItsFirstComponentAndWhatItLiesIn() {
    RepositoryName name = new RepositoryName("quay.io/app/web");
    assertThat(name.first()).isEqualTo("quay.io");
    assertThat(new RepositoryName("alone").first()).isEqualTo("alone");
    assertThat(Stream.of("quay.io", "quay.io/app", "quay.io/app/web").filter(name::isWithin)).hasSize(3);
    assertThat(Stream.of("", "quay", "quay.io/ap", "quay.io/", "quay.io/app/web/x").filter(name::isWithin)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "v1.0", "_", "A", "0", "4.21.0-x86_64", "sha256-ab.sig", "a..b", "a--"})
  void isATag(String tag) {
    assertThat(Reference.parse(tag)).isEqualTo(new Tag(tag));
    assertThat(Tag.parsed(tag)).contains(new Tag(tag));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", ".a", "-a", "a/b", "a b", "ä", "a\n", "a@b", "a+b", "../x"})
  void isNoTag(String tag) {
    assertThatIllegalArgumentException().isThrownBy(() -> Tag.parse(tag)).withMessageStartingWith("not a tag: '");
    assertThat(Tag.parsed(tag)).isEmpty();
  }

  @Test
  void aTagHasAtMost128Characters() {
    assertThat(Tag.parse("a".repeat(128)).value()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> Tag.parse("a".repeat(129)));
  }

  @Test
  void aDigestIsReadAndWrittenAlike() {
    for (String text : List.of("sha256:" + HEX, "sha512:" + HEX + HEX)) {
      assertThat(Digest.parse(text)).hasToString(text);
      assertThat(Reference.parse(text)).isEqualTo(Digest.parse(text));
      assertThat(Digest.parsed(text)).contains(Digest.parse(text));
    }
  }

  static Stream<String> noDigests() {
    return Stream.of("", ":", "sha256", "sha256:", "sha256:" + HEX.substring(1), "sha256:" + HEX + "0",
        "sha256:" + HEX.toUpperCase(java.util.Locale.ROOT), "SHA256:" + HEX, "sha384:" + HEX, "md5:" + HEX,
        " sha256:" + HEX, "sha256:" + HEX + "\n", "sha256:" + HEX.replace('e', 'g'), "sha512:" + HEX,
        "sha256:../" + HEX,
        "sha256::" + HEX.substring(1), "sha256:" + HEX.replace('0', '٠'), "latest:x");
  }

  @ParameterizedTest
  @MethodSource("noDigests")
  void isNoDigest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Digest.parse(text)).withMessageContaining("not a ");
    assertThat(Digest.parsed(text)).isEmpty();
  }

  @Test
  void aDigestIsTheHashOfTheContent() {
    assertThat(Digest.sha256(new byte[0])).hasToString("sha256:" + HEX);
    assertThat(Digest.of(Digest.Algorithm.SHA512, new byte[0]).hex()).startsWith("cf83e1357eefb8bd").hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "docker/registry/v2", ".hidden/...", "a b", "ä/𝄞", "a\\b"})
  void isAnObjectKey(String key) {
    assertThat(new ObjectKey(key)).hasToString(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\nb", "a\u0000", "a\u007f",
      "a\u0085b", "a\ud834", "\udd1eb"})
  void isNoObjectKey(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey(key)).withMessageStartingWith("not an object");
  }

  @Test
  void resolvingLeadsDownOnly() {
    assertThat(new ObjectKey("a").resolve("b/c")).isEqualTo(new ObjectKey("a/b/c"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey("a").resolve("../b"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ObjectKey("a").resolve(""));
  }

  static Stream<String> monsters() {
    return Stream.of("a", "a/", "a-", "a.", "a_", "-", "_", "/", "..", "../", "aa-", "0a__").flatMap(piece -> {
      String monster = piece.repeat(20_000 / piece.length());
      return Stream.of(monster, monster + "!", "sha256:" + monster);
    });
  }

  /** Refused at once: a clever name must not cost time or stack. */
  @ParameterizedTest
  @MethodSource("monsters")
  void aMonsterIsRefusedAtOnceAndShownShort(String monster) {
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
      for (int i = 0; i < 50; i++) {
        assertThatIllegalArgumentException().isThrownBy(() -> RepositoryName.parse(monster))
            .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
        assertThatIllegalArgumentException().isThrownBy(() -> Reference.parse(monster))
            .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
      }
    });
  }

  @Test
  void whatIsRefusedIsShownWithoutControlCharacters() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tag.parse("a\u001b[31m\u009bb\n"))
        .withMessage("not a tag: 'a?[31m?b?'");
  }

  @Test
  void namesAreOrderedAsTheirBytes() {
    List<String> ordered = List.of("", "-", "A", "a", "a-", "a.", "a0", "aa", "b", "é", "\ud7ff", "\ue000", "\uffff",
        "𝄞", "𝄞a", "𝄟");
    assertThat(ordered.reversed().stream().sorted(NameOrder::compare)).containsExactlyElementsOf(ordered);
    for (String name : ordered) {
      assertThat(NameOrder.compare(name, new String(name.toCharArray()))).isZero();
    }
  }
}
