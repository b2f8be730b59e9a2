package dev.weir.auth;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PasswordFileTest {
  private static final String FIVE = "$2y$05$" + "c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";
  private static final String TWELVE = "$2a$12$" + "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW";

  private static PasswordFile parse(String text) {
    return PasswordFile.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void commentsBlankLinesAndWhiteSpaceAroundAreStepped() {
    PasswordFile file = parse(
        "\uFEFF# users\r\n\r\n  alice:" + FIVE + "  \r\n#bob:" + FIVE + "\r\n\tcarol:" + TWELVE);
    assertThat(file.hashes()).containsOnlyKeys("alice", "carol");
    assertThat(file.hash("alice")).contains(FIVE);
    assertThat(file.highestCost()).isEqualTo(12);
    assertThat(file.complaints()).isEmpty();
  }

  @Test
  void aHashThatStandsWhereANameBelongsIsNotRepeated() {
    PasswordFile file = parse(
        "a:" + FIVE + "\n" + TWELVE + "bob:x\n" + "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi:x\nc:x\n");
    assertThat(file.complaints()).extracting(complaint -> complaint.substring(0, complaint.indexOf(" cannot")))
        .containsExactly("line 2: its user", "line 3: its user", "line 4: c");
  }

  @Test
  void theLastLineOfAUserCounts() {
    assertThat(parse("a:" + FIVE + "\na:" + TWELVE + "\n").hash("a")).contains(TWELVE);
    assertThat(parse("a:" + FIVE + "\na:{SHA}xyz\n").hash("a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "$apr1$x$y", "$6$salt$hash", "plain", "", "$2y$05$short",
      "$2x$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC",
      "$2y$31$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC",
      "$2y$03$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC",
      "$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC:more"})
  void anotherHashLetsNobodyInAndIsNamedWithoutBeingShown(String hash) {
    PasswordFile file = parse("alice:" + FIVE + "\nbob:" + hash + "\n");
    assertThat(file.hashes()).containsOnlyKeys("alice");
    assertThat(file.complaints()).singleElement().asString().startsWith("line 2: bob cannot log in");
    if (hash.length() > 4) {
      assertThat(file.complaints().toString()).doesNotContain(hash);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "\uFFFD"})
  void aNameThatNobodyCanHaveLetsNobodyIn(String name) {
    assertThat(parse(name + ":" + FIVE + "\n").hashes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice", "alice:ok\nbo", ":hash\n", "nocolon\n", "alice:$2y$05$c4WoMPo3SXsafk",
      "alice:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRq", "alice:", "x:$", "\u0000\u0000"})
  void whatIsNoFileOrHalfOfOneIsNotTakenUp(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyBeginningOfAFileIsHalfAFileOrEndsWithALine() {
    String whole = "# users\nalice:" + FIVE + "\nbob:" + TWELVE + "\n";
    for (int length = 1; length < whole.length(); length++) {
      String part = whole.substring(0, length);
      boolean wholeLines = !part.contains("\n") || part.endsWith("\n")
          || part.endsWith(FIVE) || part.endsWith(TWELVE);
      if (wholeLines) {
        assertThat(parse(part).complaints()).isEmpty();
      } else {
        assertThatThrownBy(() -> parse(part)).as(part).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aFileWithACommentAloneLetsNobodyIn() {
    assertThat(parse("# no users\n").hashes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2a", "2b", "2y"})
  void everyKindOfBcryptIsUnderstood(String kind) {
    String hash = Bcrypt.hash("secret".getBytes(StandardCharsets.UTF_8), 4).replace("$2y$", "$" + kind + "$");
    assertThat(Bcrypt.isHash(hash)).isTrue();
    assertThat(Bcrypt.matches(hash, "secret".getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(Bcrypt.matches(hash, "Secret".getBytes(StandardCharsets.UTF_8))).isFalse();
    assertThat(Bcrypt.matches(hash, new byte[0])).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"secret,$2y$05$EcuxWUvOobg5/29jfGIDa.wwLkBmzCwPEP0rSqfmjcgvD3ka4Uktq",
      "'',$2y$05$NvlfAvPZ/r.zY3EuQ3hM4.37bA7rD9yfh.8SFqofVTIYnLULJGt5y",
      "grüße,$2y$04$A09T00RTexYkhSpbRdBG0eghPK.gx8siFJJ62aI1DwBqtBWlOSXPO"})
  void hashesThatApachesHtpasswdMadeAreUnderstood(String secret, String hash) {
    assertThat(Bcrypt.matches(hash, secret.getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(Bcrypt.matches(hash, (secret + "x").getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  @Test
  void whatIsBeyondTheSeventySecondByteDoesNotCount() {
    byte[] longer = "x".repeat(100).getBytes(StandardCharsets.UTF_8);
    String hash = Bcrypt.hash("x".repeat(72).getBytes(StandardCharsets.UTF_8), 4);
    assertThat(Bcrypt.matches(hash, longer)).isTrue();
  }
}
