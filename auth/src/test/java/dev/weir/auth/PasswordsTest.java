package dev.weir.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.Passwords.Kind;
import dev.weir.auth.Passwords.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

class PasswordsTest {
  private static final String HERE = "192.0.2.1";

  private final TestClock clock = new TestClock();
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private final CountingHashing hashing = new CountingHashing();
  private Path path;
  private Passwords passwords;

  /** A hash in these tests is 53 characters that begin with the password. */
  private static final class CountingHashing implements Passwords.Hashing {
    final AtomicInteger matched = new AtomicInteger();
    final List<Integer> spent = Collections.synchronizedList(new ArrayList<>());
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public boolean matches(String hash, byte[] secret) {
      matched.incrementAndGet();
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return hash.startsWith(new String(secret, StandardCharsets.UTF_8) + "/", "$2y$10$".length());
    }

    @Override
    public void spend(int cost) {
      spent.add(cost);
    }
  }

  private static String line(String user, int cost, String password) {
    return "%s:$2y$%02d$%s\n".formatted(user, cost, password + "/".repeat(53 - password.length()));
  }

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    path = directory.resolve("htpasswd");
    write(line("alice", 12, "right") + line("bob", 10, "other"));
    passwords = new Passwords(path, clock, clock::nanos, warnings::add, hashing);
  }

  @AfterEach
  void close() {
    passwords.close();
  }

  private void write(String text) throws IOException {
    Files.writeString(path, text);
    Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
  }

  private Kind check(String user, String password) {
    return check(user, password, HERE);
  }

  private Kind check(String user, String password, String address) {
    return verdict(user, password, address).kind();
  }

  private Verdict verdict(String user, String password, String address) {
    return passwords.check(user, password.getBytes(StandardCharsets.UTF_8), address);
  }

  @Test
  void aPasswordThatWasRightIsNotHashedAgain() {
    for (int i = 0; i < 2800; i++) {
      assertThat(check("alice", "right")).isEqualTo(Kind.RIGHT);
    }
    assertThat(hashing.matched).hasValue(1);
  }

  @Test
  void aPasswordIsRightForItsUserAlone() {
    assertThat(check("alice", "right")).isEqualTo(Kind.RIGHT);
    assertThat(check("bob", "right")).isEqualTo(Kind.WRONG);
    assertThat(check("alicer", "ight")).isEqualTo(Kind.WRONG);
    assertThat(check("alice", "righ")).isEqualTo(Kind.WRONG);
    assertThat(check("alice", "")).isEqualTo(Kind.WRONG);
    assertThat(check("", "right")).isEqualTo(Kind.WRONG);
  }

  @Test
  void manyWhoAskAtOnceCostOneHash() throws Exception {
    hashing.gate = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch asking = new CountDownLatch(100);
      List<Future<Kind>> kinds = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        kinds.add(threads.submit(() -> {
          asking.countDown();
          return check("alice", "right");
        }));
      }
      asking.await();
      hashing.gate.countDown();
      for (Future<Kind> kind : kinds) {
        assertThat(kind.get()).isEqualTo(Kind.RIGHT);
      }
    }
    assertThat(hashing.matched).hasValue(1);
  }

  @Test
  void aChangedEntryForgetsItsPassword() throws IOException {
    check("alice", "right");
    check("bob", "other");
    clock.advance(Duration.ofSeconds(5));
    write(line("alice", 12, "fresh") + line("bob", 10, "other"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("alice", "right")).isEqualTo(Kind.WRONG);
    assertThat(check("alice", "fresh")).isEqualTo(Kind.RIGHT);
    int before = hashing.matched.get();
    assertThat(check("bob", "other")).isEqualTo(Kind.RIGHT);
    assertThat(hashing.matched).hasValue(before);
  }

  @Test
  void aRemovedUserIsOutAndABrokenFileChangesNothing() throws IOException {
    check("alice", "right");
    check("bob", "other");
    clock.advance(Duration.ofSeconds(5));
    write(line("alice", 12, "right") + "bob:$2y$10$oth");
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("bob", "other")).isEqualTo(Kind.RIGHT);
    assertThat(warnings).singleElement().asString().contains("ends in the middle of line 2").doesNotContain("oth");
    write(line("alice", 12, "right"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("bob", "other")).isEqualTo(Kind.WRONG);
    assertThat(check("alice", "right")).isEqualTo(Kind.RIGHT);
  }

  @Test
  void wrongCostsTheSameForEverybody() {
    check("nobody", "x");
    assertThat(hashing.spent).containsExactly(12);
    hashing.spent.clear();
    check("alice", "x");
    assertThat(hashing.spent).isEmpty();
    check("bob", "x");
    // 2^10 for the match, and 2^10 + 2^11 make 2^12
    assertThat(hashing.spent).containsExactly(10, 11);
  }

  @Test
  void entriesOfNoUseAreNamedOnce() throws IOException {
    clock.advance(Duration.ofSeconds(5));
    write(line("alice", 12, "right") + "carol:{SHA}geheim\n");
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("carol", "geheim")).isEqualTo(Kind.WRONG);
    clock.advance(Duration.ofSeconds(5));
    write(line("alice", 12, "fresh") + "carol:{SHA}geheim\n");
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("alice", "fresh")).isEqualTo(Kind.RIGHT);
    assertThat(warnings).singleElement().asString().contains("line 2: carol cannot log in").doesNotContain("geheim");
  }

  @Test
  void whoHammersOneUserGetsFewGuessesAndDisturbsNobodyElse() {
    assertThat(check("alice", "right")).isEqualTo(Kind.RIGHT);
    int evaluated = 0;
    for (int i = 0; i < 10_000; i++) {
      clock.advance(Duration.ofMillis(1));
      evaluated += check("alice", "guess" + i) == Kind.WRONG ? 1 : 0;
    }
    assertThat(evaluated).isBetween(10, 19);
    Verdict refused = verdict("alice", "one more", HERE);
    assertThat(refused.kind()).isEqualTo(Kind.LATER);
    assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    assertThat(check("alice", "right")).as("verified before").isEqualTo(Kind.RIGHT);
    assertThat(check("bob", "other")).as("first login of another at the same address").isEqualTo(Kind.RIGHT);
    assertThat(check("alice", "another", "192.0.2.2")).as("the same user elsewhere").isEqualTo(Kind.WRONG);
    clock.advance(Duration.ofSeconds(1));
    assertThat(check("alice", "one more")).isEqualTo(Kind.WRONG);
  }

  @Test
  void whoTriesManyUsersIsSlowedToo() {
    int evaluated = 0;
    for (int i = 0; i < 10_000; i++) {
      clock.advance(Duration.ofMillis(1));
      evaluated += check("user" + i, "123456") == Kind.WRONG ? 1 : 0;
    }
    assertThat(evaluated).isBetween(30, 75);
    assertThat(check("bob", "other", "192.0.2.2")).isEqualTo(Kind.RIGHT);
  }

  @Test
  void manyAddressesThatTryOneUserAreSlowedToo() {
    int evaluated = 0;
    for (int i = 0; i < 10_000; i++) {
      clock.advance(Duration.ofMillis(1));
      evaluated += check("alice", "guess" + i, "192.0." + i / 250 + "." + i % 250) == Kind.WRONG ? 1 : 0;
    }
    assertThat(evaluated).isBetween(30, 75);
  }

  @Test
  void manyWhoAreRightAtOneAddressAreNotSlowed() throws IOException {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      file.append(line("node" + i, 4, "secret" + i));
    }
    clock.advance(Duration.ofSeconds(5));
    write(file.toString());
    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 200; i++) {
      assertThat(check("node" + i, "secret" + i)).isEqualTo(Kind.RIGHT);
    }
  }

  @Test
  void anIpv6HostIsOneHostWithAllItsAddresses() {
    assertThat(GuessLimit.network("2001:db8::1")).isEqualTo(GuessLimit.network("2001:db8:0:0:ffff::1"))
        .isNotEqualTo(GuessLimit.network("2001:db8:0:1::1"));
    assertThat(GuessLimit.network("fe80::1%eth0")).isEqualTo(GuessLimit.network("fe80::2"));
    assertThat(GuessLimit.network("::ffff:192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(GuessLimit.network("local")).isEqualTo("local");
  }

  @Test
  void aNameBeyondAllMeasureIsWrongAndRememberedByNobody() {
    assertThat(check("x".repeat(256), "y")).isEqualTo(Kind.WRONG);
    assertThat(hashing.spent).isEmpty();
  }
}
