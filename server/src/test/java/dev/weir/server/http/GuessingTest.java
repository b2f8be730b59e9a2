package dev.weir.server.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.http.RawClient.Reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whoever guesses passwords at full speed, and those who work beside. */
class GuessingTest {
  private static final Duration ATTACK = Duration.ofSeconds(10);

  @TempDir private Path directory;

  @Test
  void whoHammersOneUserGetsFewGuessesAndDisturbsNobody() throws Exception {
    AtomicInteger evaluated = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    long end = System.nanoTime() + ATTACK.toNanos();
    try (GuardedWeir weir = GuardedWeir.start(directory, "", "alice", "bob", "carol");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(weir.ask("alice", "GET", "/v2/").status()).isEqualTo(200);
      List<Future<?>> attackers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int attacker = i;
        attackers.add(threads.submit(() -> attack(weir, attacker, end, evaluated, refused)));
      }
      while (refused.get() < 100) {
        LockSupport.parkNanos(100_000);
      }
      assertThat(weir.ask("bob", "GET", "/v2/").status()).as("first login of another user").isEqualTo(200);
      int served = 0;
      while (System.nanoTime() < end) {
        for (String user : List.of("alice", "bob", "carol")) {
          GuardedWeir.expect(200, weir.ask(user, "GET", "/v2/"));
          served++;
        }
      }
      for (Future<?> attacker : attackers) {
        attacker.get();
      }
      assertThat(evaluated).hasValueBetween(1, 19);
      assertThat(refused).hasValueGreaterThan(100);
      assertThat(served).isGreaterThan(100);
    }
  }

  private static String attack(GuardedWeir weir, int attacker, long end,
      AtomicInteger evaluated, AtomicInteger refused) throws Exception {
    try (RawClient client = weir.connect()) {
      for (int i = 0; System.nanoTime() < end; i++) {
        Reply reply = client.get("/v2/", GuardedWeir.authorization("alice", "guess " + attacker + " " + i));
        switch (reply.status()) {
          case 401 -> evaluated.incrementAndGet();
          case 429 -> refused.incrementAndGet();
          default -> throw new AssertionError(reply.status());
        }
      }
    }
    return "done";
  }

  /** At this cost a bcrypt takes about half a second, and 400 of them minutes. */
  @Test
  void manyRequestsWithOneSecretCostOneBcrypt() throws Exception {
    new PasswordFileEditor(directory.resolve("htpasswd")).set("slow", GuardedWeir.secret("slow").getBytes(UTF_8), 13);
    try (GuardedWeir weir = GuardedWeir.start(directory, "");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long begin = System.nanoTime();
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(threads.submit(() -> {
          for (int j = 0; j < 20; j++) {
            GuardedWeir.expect(200, weir.ask("slow", "GET", "/v2/"));
          }
          return "done";
        }));
      }
      for (Future<?> client : clients) {
        client.get();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void noSecretIsInTheLogOrInAnAnswer() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    root.setLevel(Level.DEBUG);
    try (GuardedWeir weir = GuardedWeir.start(directory, "", "alice"); RawClient client = weir.connect()) {
      StringBuilder answers = new StringBuilder();
      for (String credentials : List.of(GuardedWeir.authorization("alice", "hunter2"),
          GuardedWeir.authorization("hunter2", "hunter2"), "Authorization: Bearer hunter2",
          "Authorization: hunter2", GuardedWeir.authorization("alice"))) {
        for (String path : List.of("/v2/", "/v2/team/app/manifests/v1", "/metrics")) {
          Reply reply = client.get(path, credentials);
          answers.append(reply.lines()).append(path.equals("/metrics") ? "" : reply.text());
        }
      }
      assertThat(answers.toString()).doesNotContain("hunter2", "aHVudGVyMg", "'s secret");
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }
    assertThat(lines.list).isNotEmpty();
    assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("hunter2") || line.contains("aHVudGVyMg") || line.contains("'s secret"));
  }
}
