package dev.weir.server.precache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.bouncycastle.bcpg.sig.KeyFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.precache.TestKey.Subkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** Keys of every kind, in files of every kind. */
class SigningKeyTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final TestKey PLAIN = TestKey.create();

  @TempDir private Path folder;

  private SignedRelease check(TestKey signer, String... files) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String file : files) {
      paths.add(Files.writeString(folder.resolve("key" + paths.size() + ".asc"), file));
    }
    byte[] message = signer.sign(TestKey.Signing.of(DIGEST, "quay.io/a/b:4.10.18-x86_64"));
    return SignedRelease.check(message, new ReleaseKeys(paths).read(), Instant.now());
  }

  private void assertRefused(Subkey subkey, String why) {
    TestKey key = TestKey.with(subkey);
    assertThatIOException().isThrownBy(() -> check(key, key.armored())).withMessageContaining(why)
        .withMessageContaining("(Test <test@example.test>)");
  }

  @Test
  void everyBlockOfAFileCountsWithAnyTextBetweenThem() throws IOException {
    TestKey other = TestKey.create();
    String file = "pub 4096R\r\n" + PLAIN.armored() + "\n# the next one\n-- \n" + other.armored().replace("\n", "\r\n");
    assertThat(check(PLAIN, file).digest()).isEqualTo(DIGEST);
    assertThat(check(other, file).digest()).isEqualTo(DIGEST);
    assertThat(check(other, PLAIN.armored(), other.armored()).digest()).isEqualTo(DIGEST);
  }

  @Test
  void aFileThatBreaksOffOrHoldsWhatShouldBeSecretIsNamed() {
    String cut = PLAIN.armored() + PLAIN.armored().substring(0, 300);
    assertThatIOException().isThrownBy(() -> check(PLAIN, cut)).withMessageContaining("breaks off")
        .withMessageContaining("key0.asc");
    String secret = PLAIN.armored() + PLAIN.armored().replace("PUBLIC", "PRIVATE");
    assertThatIOException().isThrownBy(() -> check(PLAIN, secret)).withMessageContaining("PRIVATE KEY BLOCK");
  }

  @Test
  void aSubkeyThatSignsIsAsGoodAsItsPrimaryKey() throws IOException {
    TestKey key = TestKey.with(Subkey.GOOD);
    assertThat(check(key, key.armored()).signedBy()).matches("[0-9A-F]{40} of [0-9A-F]{40} \\(Test <.*>\\)");
    TestKey lasting = TestKey
        .with(new Subkey(Duration.ofDays(36_500), Duration.ofDays(36_500), false, false, KeyFlags.SIGN_DATA, true));
    assertThat(check(lasting, lasting.armored()).digest()).isEqualTo(DIGEST);
  }

  @Test
  void aSubkeyThatExpiredOrWasRevokedIsNamedAndSoIsThatOfAKeyThat() {
    int signs = KeyFlags.SIGN_DATA;
    Duration ever = Duration.ZERO;
    assertRefused(new Subkey(MONTH, ever, false, false, signs, true), ", a key that expired on 2020-01-31");
    assertRefused(new Subkey(ever, MONTH, false, false, signs, true), ", a subkey of a key that expired on 2020-01-31");
    assertRefused(new Subkey(ever, ever, true, false, signs, true), ", a key that was revoked");
    assertRefused(new Subkey(ever, ever, false, true, signs, true), ", a subkey of a key that was revoked");
  }

  @Test
  void aSubkeyThatIsNotBoundOrNotForSignaturesProvesNothing() {
    assertRefused(new Subkey(Duration.ZERO, Duration.ZERO, false, false, KeyFlags.ENCRYPT_COMMS, true),
        "a subkey that is not for signatures");
    assertRefused(new Subkey(Duration.ZERO, Duration.ZERO, false, false, KeyFlags.SIGN_DATA, false),
        "a subkey that does not itself say whose it is");
    TestKey stolen = TestKey.with(Subkey.GOOD).stolenBy(PLAIN);
    assertThatIOException().isThrownBy(() -> check(stolen, stolen.armored()))
        .withMessageContaining("which no primary key in release.keys vouches for");
  }

  @Test
  void aRevocationCountsWhicheverFileKnowsOfIt() {
    TestKey key = TestKey.with(new Subkey(Duration.ZERO, Duration.ZERO, false, true, KeyFlags.SIGN_DATA, true));
    TestKey good = TestKey.with(Subkey.GOOD);
    assertThatIOException().isThrownBy(() -> check(good, good.armored(), good.revoked().primaryAlone().armored()))
        .withMessageContaining("a subkey of a key that was revoked");
    assertThatIOException().isThrownBy(() -> check(key, key.armored(), good.armored()))
        .withMessageContaining("a subkey of a key that was revoked");
  }
}
