package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.pullthrough.LogLines;
import dev.weir.server.tls.Issued;
import dev.weir.server.tls.TestCertificates;
import dev.weir.server.tls.TlsFiles;
import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockRequest;
import dev.weir.server.upstream.MockServer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Certificate, key, password file, pull secret and rules, each replaced while clients are at work: whole, half-written,
 * broken, gone and together. No request fails, what is new is soon in force, and what is of no use is said once.
 */
class ReplacedUnderLoadTest {
  /** What is promised is two seconds; a machine with much else to do gets more. */
  private static final Duration SOON = Duration.ofSeconds(60);
  /** For two looks at each file, and as many writes as they are apart. */
  private static final Duration SEVERAL_LOOKS = Duration.ofMillis(2500);
  private static final String MANIFEST = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
      + "\"manifests\":[]}";
  private static final String HUB = "/v2/hub/app/manifests/v1";
  private static final String STEADY = DoorUnderLoad.basic("steady", "its secret");
  private static final String RULES = """
      rules:
      - {users: [steady], repositories: ["hub/**"], actions: [pull]}
      """;
  private static final String MORE_RULES = RULES
      + "- {users: [late], repositories: [\"hub/**\"], actions: [pull]}\n";

  @TempDir private Path folder;
  private final LogLines log = LogLines.capture();
  @SuppressWarnings("NullAway.Init") // made before each test
  private TestCertificates ca;
  @SuppressWarnings("NullAway.Init") // made before each test
  private TlsFiles tls;
  @SuppressWarnings("NullAway.Init") // made before each test
  private MockServer upstream;
  @SuppressWarnings("NullAway.Init") // made before each test
  private Weir weir;
  @SuppressWarnings("NullAway.Init") // made before each test
  private DoorUnderLoad load;

  @BeforeEach
  void startUnderLoad() throws Exception {
    ca = TestCertificates.in(folder.resolve("ca"));
    tls = ca.write("tls", ca.local());
    new PasswordFileEditor(file("htpasswd")).set("steady", "its secret".getBytes(UTF_8), 4);
    upstream = MockServer.http(ReplacedUnderLoadTest::withCredentials);
    Files.writeString(file("pull-secret.json"), pullSecret("before"));
    Files.writeString(file("weir.yml"), configuration(RULES));
    weir = Weir.start(ConfigLoader.load(file("weir.yml"), Map.of()), Map.of(), file("weir.yml"));
    load = new DoorUnderLoad(weir.port(), ca.client());
    load.ask("/v2/", STEADY);
    load.ask(HUB, STEADY);
    serveMore();
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private String configuration(String rules) {
    return """
        http: {addr: "127.0.0.1:0", draintimeout: 1s, tls: {certificate: "%s", key: "%s"}}
        auth: {htpasswd: {realm: weir, path: "%s"}}
        storage: {filesystem: {rootdirectory: "%s"}}
        pullsecret: "%s"
        upstreams: {hub: {remoteurl: "%s"}}
        cache: {tagttl: 0s}
        %s""".formatted(tls.certificate(), tls.key(), file("htpasswd"), file("data"), file("pull-secret.json"), upstream
        .uri(), rules);
  }

  private static MockAnswer withCredentials(MockRequest request) {
    return request.header("Authorization").isEmpty()
        ? MockAnswer.json(401, "{}").with("WWW-Authenticate", "Basic realm=\"hub\"")
        : MockAnswer.text(200, "application/vnd.oci.image.index.v1+json", MANIFEST);
  }

  private String pullSecret(String user) {
    String auth = DoorUnderLoad.basic(user, "secret").replace("Authorization: Basic ", "");
    return "{\"auths\": {\"127.0.0.1:" + upstream.port() + "\": {\"auth\": \"" + auth + "\"}}}";
  }

  @AfterEach
  void noRequestFailed() throws Exception {
    try {
      soon("enough is answered", () -> load.answered() > 100);
      load.stop();
    } finally {
      weir.close();
      upstream.close();
      log.close();
    }
  }

  private static void soon(String what, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(SOON);
    }
  }

  private void serveMore() {
    long enough = load.answered() + 50;
    long until = System.nanoTime() + SEVERAL_LOOKS.toNanos();
    while (load.answered() < enough || System.nanoTime() < until) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean upstreamSees(String user) {
    upstream.forget();
    String expected = DoorUnderLoad.basic(user, "secret").replace("Authorization: ", "");
    long end = System.nanoTime() + SOON.toNanos();
    while (upstream.requests().size() < 4 && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    List<MockRequest> seen = upstream.requests();
    assertThat(seen).as("requests upstream").isNotEmpty();
    return seen.getLast().header("Authorization").filter(expected::equals).isPresent();
  }

  private Object served() throws Exception {
    try (var socket = load.connect(ca.client())) {
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private int late() throws IOException {
    return load.status(HUB, DoorUnderLoad.basic("late", "its secret"));
  }

  /** Said once, and not again by the looks that follow. */
  private void assertSaidOnce(List<Path> paths) throws Exception {
    for (Path path : paths) {
      soon("a line about " + path, () -> !warnings(path).isEmpty());
    }
    serveMore();
    assertThat(paths).allSatisfy(path -> assertThat(warnings(path)).as("lines about %s", path).hasSize(1));
  }

  private List<String> warnings(Path about) {
    return log.containing(about.toString()).stream().filter(line -> line.startsWith("WARN")).toList();
  }

  @Test
  void everythingAtOnce() throws Exception {
    String byNewName = HUB + "?ns=new.example.com";
    assertThat(load.status(byNewName, STEADY)).as("a name that is not weir's").isEqualTo(400);
    Issued next = ca.issue("localhost", "127.0.0.1", "new.example.com");
    Files.writeString(tls.key(), next.keyPem());
    Files.writeString(tls.certificate(), next.certificatePem());
    Files.writeString(file("pull-secret.json"), pullSecret("after"));
    new PasswordFileEditor(file("htpasswd")).set("late", "its secret".getBytes(UTF_8), 4);
    Files.writeString(file("weir.yml"), configuration(MORE_RULES));
    soon("the certificate", () -> served().equals(next.certificate()));
    soon("the name in the certificate", () -> load.status(byNewName, STEADY) == 200);
    soon("the user and the rule", () -> late() == 200);
    soon("the pull secret", () -> upstreamSees("after"));
    assertThat(log.containing("stays in")).isEmpty();
  }

  @Test
  void whatIsBrokenLeavesEverythingAsItWasAndIsSaidOnce() throws Exception {
    Issued other = ca.local();
    Object before = served();
    Files.writeString(tls.key(), other.keyPem());
    Files.writeString(file("pull-secret.json"), pullSecret("after").substring(0, 30));
    String users = Files.readString(file("htpasswd"));
    Files.writeString(file("htpasswd"), users + users.replace("steady", "late").substring(0, 20));
    Files.writeString(file("weir.yml"), configuration(MORE_RULES.replace("[pull]", "[pul]")));
    serveMore();
    assertThat(served()).as("while the key is another's").isEqualTo(before);
    assertThat(late()).as("a user whose line is cut off").isEqualTo(401);
    assertThat(upstreamSees("before")).isTrue();
    assertSaidOnce(List.of(tls.certificate(), file("pull-secret.json"), file("htpasswd"), file("weir.yml")));

    Files.writeString(tls.certificate(), other.certificatePem());
    Files.writeString(file("pull-secret.json"), pullSecret("after"));
    Files.writeString(file("htpasswd"), users);
    new PasswordFileEditor(file("htpasswd")).set("late", "its secret".getBytes(UTF_8), 4);
    Files.writeString(file("weir.yml"), configuration(MORE_RULES));
    soon("the certificate, once mended", () -> served().equals(other.certificate()));
    soon("user and rule, once mended", () -> late() == 200);
    soon("the pull secret, once mended", () -> upstreamSees("after"));
  }

  @Test
  void filesThatAreGoneLeaveEverythingAsItWasAndAreSaidOnce() throws Exception {
    Object before = served();
    List<Path> all = List.of(tls.certificate(), file("pull-secret.json"), file("htpasswd"), file("weir.yml"));
    for (Path each : all) {
      Files.delete(each);
    }
    serveMore();
    assertThat(served()).isEqualTo(before);
    assertThat(upstreamSees("before")).isTrue();
    assertThat(load.status("/v2/elsewhere/manifests/v1", STEADY)).as("rules still hold").isEqualTo(403);
    assertSaidOnce(all);
  }
}
