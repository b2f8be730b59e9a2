package dev.weir.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Users and rules change while clients are at work: no request of theirs fails, and the change is soon in force. */
class ReloadTest {
  /** What is promised is two seconds; a machine with much else to do gets more. */
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String RULES = """
      rules:
      - {users: [steady], repositories: [team/app], actions: [pull, push]}
      """;

  @TempDir private Path directory;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger served = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> clients = new ArrayList<>();
  private GuardedWeir weir;

  @BeforeEach
  void startUnderLoad() throws Exception {
    weir = GuardedWeir.start(directory, RULES, "steady", "other");
    weir.pushImage("steady", "team/app", "v1", "{}");
    for (int i = 0; i < 4; i++) {
      clients.add(threads.submit(this::pull));
    }
  }

  private String pull() throws IOException {
    while (!over.get()) {
      GuardedWeir.expect(200, weir.ask("steady", "GET", "/v2/team/app/manifests/v1"));
      served.incrementAndGet();
    }
    return "done";
  }

  @AfterEach
  void everyRequestWasAnswered() throws Exception {
    soon("enough is served", () -> served.get() > 100 || clients.stream().anyMatch(Future::isDone));
    over.set(true);
    for (Future<?> client : clients) {
      client.get();
    }
    threads.close();
    weir.close();
    assertThat(served).hasValueGreaterThan(100);
  }

  private static void soon(String what, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(SOON);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private int ping(String user) throws IOException {
    return weir.ask(user, "GET", "/v2/").status();
  }

  private PasswordFileEditor editor() {
    return new PasswordFileEditor(weir.htpasswd);
  }

  /** Long enough for the file to be looked at several times. */
  private void serveMore() {
    int enough = served.get() + 200;
    long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (served.get() < enough || System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void usersComeGoAndChangeTheirPasswords() throws Exception {
    assertThat(ping("other")).isEqualTo(200);
    editor().set("fresh", GuardedWeir.secret("fresh").getBytes(UTF_8), GuardedWeir.LOW_COST);
    soon("a new user gets in", () -> ping("fresh") == 200);
    editor().set("other", "changed".getBytes(UTF_8), GuardedWeir.LOW_COST);
    soon("the old password is wrong", () -> ping("other") != 200);
    editor().remove("fresh");
    soon("a removed user is out", () -> ping("fresh") != 200);
  }

  @Test
  void filesThatAreBrokenHalfWrittenEmptyOrGoneChangeNothing() throws Exception {
    String whole = Files.readString(weir.htpasswd);
    for (String broken : List.of(whole.substring(0, whole.length() - 20), "", "no colon here\n" + whole, "steady:",
        "\u0000\u0001")) {
      Files.writeString(weir.htpasswd, broken);
      serveMore();
      assertThat(ping("other")).isEqualTo(200);
    }
    Files.delete(weir.htpasswd);
    serveMore();
    for (int i = 1; i < whole.length(); i += 7) {
      Files.writeString(weir.htpasswd, whole.substring(0, i));
    }
    Files.writeString(weir.htpasswd, whole);
    editor().remove("other");
    soon("the file is followed again", () -> ping("other") != 200);
  }

  @Test
  void rulesChange() throws Exception {
    String path = "/v2/team/app/tags/list";
    assertThat(weir.ask("other", "GET", path).status()).isEqualTo(403);
    configure(RULES + "- {users: ['*'], repositories: [\"team/**\"], actions: [pull]}\n");
    soon("a new rule allows", () -> weir.ask("other", "GET", path).status() == 200);
    configure(RULES + "- {users: ['*'], repositories: [\"team/**\"], actions: [pul]}\n");
    serveMore();
    assertThat(weir.ask("other", "GET", path).status()).isEqualTo(200);
    configure("");
    serveMore();
    assertThat(weir.ask("other", "GET", "/v2/elsewhere/tags/list").status()).as("no rules at all").isEqualTo(403);
    configure(RULES);
    soon("a rule that is gone allows no more", () -> weir.ask("other", "GET", path).status() == 403);
  }

  /** Piece by piece, as an editor may. */
  private void configure(String rules) throws IOException {
    String text = GuardedWeir.configuration(directory, rules);
    for (int i = 1; i < text.length(); i += 31) {
      Files.writeString(weir.config, text.substring(0, i));
    }
    Files.writeString(weir.config, text);
  }
}
