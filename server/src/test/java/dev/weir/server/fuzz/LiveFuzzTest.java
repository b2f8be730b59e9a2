package dev.weir.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.conformance.Stack;
import dev.weir.server.http.RawClient;
import dev.weir.server.http.RawClient.Reply;
import dev.weir.server.wiring.Weir;
import dev.weir.storage.Digest;
import dev.weir.storage.fs.FsObjectStore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes on a socket: every connection is answered or closed in time, nothing in the server fails, no file outside its
 * root is touched, and the next client is served.
 */
class LiveFuzzTest {
  private static final Pattern FAULT = Pattern.compile("HTTP/1\\.1 50[0-4] [^\r]*\r\n");
  private static final int PATIENCE_MILLIS = 30;
  private static final int LONGEST_MILLIS = 20_000;
  private static final String HTPASSWD = "auth: {htpasswd: {realm: r, path: '%s'}}";
  private static final String RULES = """

      rules:
        - {users: [anonymous], repositories: ["local/**", a], actions: [pull, push, delete]}
        - {users: [alice], repositories: ["team/**"], actions: [pull, push]}
      """;

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(folder.resolve("inside/data"));
    Files.writeString(folder.resolve("secret"), "nobody's business");
    Files.writeString(folder.resolve("inside/secret"), "nobody's business");
    Files.createDirectories(folder.resolve("inside/database"));
    new PasswordFileEditor(folder.resolve("htpasswd")).set("alice", "alice's".getBytes(UTF_8), 4);
  }

  private Weir start(String sections) throws Exception {
    Path config = folder.resolve("weir.yml");
    Files.writeString(config,
        """
            version: 0.1
            http: {addr: "127.0.0.1:0", draintimeout: 50ms, trustedproxies: [127.0.0.1], limits: {connectionsperaddress: 50}}
            storage: {filesystem: {rootdirectory: '%s'}, delete: {enabled: true}}
            """
            .formatted(root) + sections);
    return Weir.start(ConfigLoader.load(config, Map.of()).config(), Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", HTPASSWD + RULES})
  void noBytesTroubleAServer(String sections) throws Exception {
    try (Weir first = start(sections.formatted(folder.resolve("htpasswd")))) {
      sane(first.port());
    }
    Surroundings before = new Surroundings(folder, root);
    try (ErrorLines errors = new ErrorLines(); Weir weir = start(sections.formatted(folder.resolve("htpasswd")))) {
      fill(weir.port());
      Fuzzing.run(20, noise -> {
        talk(weir.port(), noise);
        assertThat(errors.lines()).isEmpty();
        if (noise.in(100)) {
          before.filesAreUntouched();
        }
      });
      sane(weir.port());
    }
    before.filesAreUntouched();
    before.nothingIsLeft();
  }

  @Test
  void noBytesLeadTheStoreOutOfItsLayout() throws Exception {
    Files.createDirectories(folder.resolve("inside/rest"));
    try (WatchedStore store = new WatchedStore(new FsObjectStore(root));
        ErrorLines errors = new ErrorLines();
        Stack stack = Stack.over(store, folder.resolve("inside/rest"))) {
      fill(stack.port());
      Fuzzing.run(15, noise -> {
        talk(stack.port(), noise);
        assertThat(store.strange()).isEmpty();
        assertThat(errors.lines()).isEmpty();
      });
    }
  }

  @Test
  void aKeyOutsideTheLayoutWouldBeSeen() {
    assertThat(WatchedStore.isOfTheLayout("docker/registry/v2/repositories/a/_manifests/tags/x/current/link")).isTrue();
    assertThat(WatchedStore.isOfTheLayout("docker/registry/v2/repositories/a/_manifests/tags/../x/current/link"))
        .isFalse();
    assertThat(WatchedStore.isOfTheLayout("docker/registry/v2/repositories/A/_layers")).isFalse();
    assertThat(WatchedStore.isOfTheLayout("weir/uploads/x")).isFalse();
  }

  private static void sane(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      assertThat(client.get("/healthz").text()).isEqualTo("ok\n");
      assertThat(client.get("/v2/").status()).isIn(200, 401);
    }
  }

  /** What {@link Noise} names is there, in a repository and as a tag that it names too. */
  private static void fill(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      for (String content : Noise.BLOBS) {
        push(client, "POST", "/v2/local/repo/blobs/uploads/?digest=" + Digest.sha256(content.getBytes(UTF_8)), content);
      }
      push(client, "PUT", "/v2/local/repo/manifests/latest", Noise.MANIFEST);
    }
  }

  private static void push(RawClient client, String method, String path, String content) throws IOException {
    client.send(
        method + " " + path + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/vnd.oci.image.manifest.v1+json\r\n"
            + "Content-Length: " + content.length() + "\r\n\r\n" + content);
    assertThat(client.read().status()).isEqualTo(201);
  }

  /** An upload's address, to be damaged. */
  private static String upload(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      Reply reply = client.ask("POST", "/v2/local/repo/blobs/uploads/", "Content-Length: 0");
      assertThat(reply.status()).isEqualTo(202);
      return reply.header("Location").orElseThrow();
    }
  }

  private static void talk(int port, Noise noise) throws IOException {
    byte[] bytes = new Requests(noise, upload(port)).make();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      if (noise.in(10)) {
        socket.setSoLinger(true, 0);
      }
      String answer = exchange(socket, bytes, noise);
      Matcher fault = FAULT.matcher(answer);
      assertThat(fault.find()).as("answered to %s: %s", new String(bytes, ISO_8859_1), answer).isFalse();
    }
    if (noise.in(20)) {
      sane(port);
    }
  }

  /** A connection that is reset was closed too. */
  private static String exchange(Socket socket, byte[] bytes, Noise noise) throws IOException {
    try {
      int split = noise.below(bytes.length + 1);
      socket.getOutputStream().write(bytes, 0, split);
      socket.getOutputStream().write(bytes, split, bytes.length - split);
      if (noise.in(2)) {
        socket.getOutputStream().write("\r\n\r\nGET /v2/ HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
      }
      if (noise.in(20)) {
        return "";
      }
      return readToEnd(socket);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither answered nor closed: " + new String(bytes, ISO_8859_1), e);
    } catch (SocketException e) {
      return "";
    }
  }

  /** Says that no more will come when the server has said nothing for a moment, which may be waiting for more. */
  private static String readToEnd(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      socket.shutdownOutput();
      socket.setSoTimeout(LONGEST_MILLIS);
      socket.getInputStream().transferTo(all);
    }
    return all.toString(ISO_8859_1);
  }
}
