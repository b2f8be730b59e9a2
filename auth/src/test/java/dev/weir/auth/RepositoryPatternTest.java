package dev.weir.auth;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class RepositoryPatternTest {
  @ParameterizedTest
  @CsvSource({"a,a", "a/b,a/b", "**,a", "**,a/b/c", "*,a", "a/*,a/b", "a/**,a/b", "a/**,a/b/c", "**/b,b", "**/b,a/b",
      "**/b,x/y/b", "a/**/c,a/c", "a/**/c,a/b/c", "a/**/c,a/b/b/c", "a*,a", "a*,abc", "*c,abc", "a*c,ac", "a*b*c,aXbXc",
      "a*b*c,abbc", "team-*/app.*,team-1/app.x", "**/a/**,a/b", "**/a/**/b,a/a/x/b", "*-*,a-b-c", "a/*/c,a/b/c",
      "quay.io/**,quay.io/a/b"})
  void aNameThatFits(String pattern, String name) {
    assertThat(RepositoryPattern.parse(pattern).matches(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a,b", "a,a/b", "a/b,a", "a/*,a", "a/*,a/b/c", "*,a/b", "a/**,a", "a/**,ab", "a/**,ab/c", "a/**,b/a/c",
      "**/b,a/bb", "**/b,b/a", "a/**/c,a/b", "a/**/c,ac", "a*c,abd", "a*b*c,acb", "sandbox-1/**,sandbox-10/x",
      "**/a/**,b/a", "quay.io/**,quayxio/a"})
  void aNameThatDoesNot(String pattern, String name) {
    assertThat(RepositoryPattern.parse(pattern).matches(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a/", "/a", "a//b", "A", "a b", "a?", "a/[bc]", "a/***", "a/b**", "**a/b", "..\\x",
      "a{b,c}"})
  void whatIsNoPattern(String text) {
    assertThatThrownBy(() -> RepositoryPattern.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("**");
  }

  @Test
  void noPatternTakesLong() {
    String stars = "*a".repeat(60) + "b";
    String depths = "**/a/".repeat(40) + "b";
    String name = "a/".repeat(60) + "a".repeat(130);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
      for (int i = 0; i < 1000; i++) {
        assertThat(RepositoryPattern.parse(stars).matches("a".repeat(250))).isFalse();
        assertThat(RepositoryPattern.parse(depths).matches(name)).isFalse();
      }
    });
  }

  @Test
  void whatMayBeWithinAFirstComponent() {
    for (String pattern : List.of("**", "quay.io/**", "quay.io/a", "*/a", "q*/**", "**/a", "quay.io/*")) {
      assertThat(RepositoryPattern.parse(pattern).mayMatchWithin("quay.io")).as(pattern).isTrue();
    }
    for (String pattern : List.of("quay.io", "*", "quay/**", "docker.io/quay.io/a")) {
      assertThat(RepositoryPattern.parse(pattern).mayMatchWithin("quay.io")).as(pattern).isFalse();
    }
  }
}
