package dev.weir.server.ui;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.pullthrough.Await;

import static org.assertj.core.api.Assertions.assertThat;

/** A browser without a screen and with one page, which reaches nobody but this host. */
final class Chromium implements AutoCloseable {
  private static final String LISTENING = "DevTools listening on ";
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  private final Process process;
  private final DevTools tools;
  private final String session;
  /** Errors that the page, or the browser for its sake, wrote to the console. */
  final List<String> errors = new CopyOnWriteArrayList<>();
  /** The last status, by method and address without its query. */
  final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> methods = new ConcurrentHashMap<>();
  /** How often somebody was asked for a name and a password. */
  final AtomicInteger asked = new AtomicInteger();
  private final Map<String, String> held = new ConcurrentHashMap<>();
  private volatile String holding = "";
  private volatile String user;
  private volatile String page = "";

  /** @param user who logs in wherever he is asked to */
  Chromium(Path folder, String user) throws IOException {
    this.user = user;
    process = new ProcessBuilder("chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
        "--disable-gpu", "--remote-debugging-port=0", "--user-data-dir=" + folder.resolve("profile"),
        "--ignore-certificate-errors", "--no-first-run", "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync", "--no-default-browser-check",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "about:blank")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    try {
      tools = new DevTools(URI.create(listening(process.errorReader(StandardCharsets.UTF_8))), this::told);
      String target = tools.ask("", "Target.createTarget", "url", "about:blank").path("targetId").asText();
      session = tools.ask("", "Target.attachToTarget", "targetId", target, "flatten", true).path("sessionId").asText();
      page = session;
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        ask(domain + ".enable");
      }
      ask("Fetch.enable", "handleAuthRequests", true);
      size(1280, 900);
    } catch (IOException | RuntimeException | AssertionError e) {
      end();
      throw e;
    }
  }

  /** What it says afterwards is read too, lest it wait for a reader. */
  private static String listening(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(LISTENING)) {
        Thread.ofVirtual().start(() -> said.lines().forEach(rest -> {
        }));
        return line.substring(LISTENING.length());
      }
    }
    throw new IOException("chromium ended before it listened");
  }

  private void told(String event, JsonNode said) {
    switch (event) {
      case "Fetch.requestPaused" -> paused(said.path("requestId").asText(), said.path("request").path("url").asText());
      case "Fetch.authRequired" -> answer(said.path("requestId").asText());
      case "Network.requestWillBeSent" -> methods.put(said.path("requestId").asText(),
          said.path("request").path("method").asText());
      case "Network.responseReceived" -> answers.put(
          methods.get(said.path("requestId").asText()) + " " + withoutQuery(said.path("response").path("url").asText()),
          said.path("response").path("status").asInt());
      case "Runtime.exceptionThrown" -> errors.add(said.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> note(said.path("type").asText(), said.path("args").toString());
      case "Log.entryAdded" -> note(said.path("entry").path("level").asText(), said.path("entry").toString());
      default -> {}
    }
  }

  private void paused(String id, String address) {
    if (!holding.isEmpty() && address.contains(holding)) {
      held.put(id, address);
    } else {
      command("Fetch.continueRequest", "requestId", id);
    }
  }

  private void answer(String id) {
    asked.incrementAndGet();
    command("Fetch.continueWithAuth", "requestId", id, "authChallengeResponse", user.isEmpty()
        ? Map.of("response", "CancelAuth")
        : Map.of("response", "ProvideCredentials", "username", user, "password", Rig.secret(user)));
  }

  /** From now on whoever is asked says that he is this one; empty: he says nothing. */
  void become(String other) {
    user = other;
  }

  /** Keeps back what the browser asks for at addresses with this part. */
  void hold(String part) {
    holding = part;
  }

  /** Returns when something is kept back. */
  void holds() {
    Await.until("the browser asks for " + holding, () -> !held.isEmpty());
  }

  /** Lets go what was kept back. */
  void release() {
    holding = "";
    held.keySet().forEach(id -> command("Fetch.continueRequest", "requestId", id));
    held.clear();
  }

  /** Without waiting for what comes of it: whoever hears events must not. */
  private void command(String method, Object... parameters) {
    var _ = tools.send(page, method, parameters);
  }

  private void note(String level, String text) {
    if (level.equals("error")) {
      errors.add(text);
    }
  }

  private static String withoutQuery(String address) {
    int mark = address.indexOf('?');
    return mark < 0 ? address : address.substring(0, mark);
  }

  private JsonNode ask(String method, Object... parameters) {
    return tools.ask(session, method, parameters);
  }

  void go(String address) {
    ask("Page.navigate", "url", address);
  }

  void size(int width, int height) {
    ask("Emulation.setDeviceMetricsOverride", "width", width, "height", height, "deviceScaleFactor", 1, "mobile",
        width < 600);
  }

  /** @param scheme light or dark */
  void prefer(String scheme) {
    ask("Emulation.setEmulatedMedia", "features",
        List.of(Map.of("name", "prefers-color-scheme", "value", scheme)));
  }

  /** What an expression comes to in the page; a promise's is waited for. */
  JsonNode evaluate(String expression) {
    JsonNode result = ask("Runtime.evaluate", "expression", expression, "awaitPromise", true, "returnByValue", true,
        "userGesture", true);
    assertThat(result.path("exceptionDetails").isMissingNode()).as("%s: %s", expression, result).isTrue();
    return result.path("result").path("value");
  }

  /** Until it is true in the page. */
  void until(String expression) {
    try {
      // while a page comes, what is looked for is not there at all
      Await.until(expression,
          () -> evaluate("(() => { try { return Boolean(" + expression + "); } catch { return false; } })()")
              .asBoolean());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the page says: " + text() + "; errors: " + errors, e);
    }
  }

  /** All that the page says. */
  String text() {
    return evaluate("document.body.innerText").asText();
  }

  /** Until that view is there; {@code overview} is the first. */
  void shows(String view) {
    until("document.querySelector('main').dataset.view === " + quoted(view));
  }

  /** Until a view says so. */
  void says(String text) {
    until("document.querySelector('main').innerText.includes(" + quoted(text) + ")");
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  void type(String text) {
    ask("Input.insertText", "text", text);
  }

  void press(String key) {
    for (String type : List.of("keyDown", "keyUp")) {
      ask("Input.dispatchKeyEvent", "type", type, "key", key, "code", key, "windowsVirtualKeyCode",
          key.equals("Enter") ? 13 : 9, "text", key.equals("Enter") && type.equals("keyDown") ? "\r" : "");
    }
  }

  /** The whole page, to be looked at later. */
  void picture(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      byte[] png = Base64.getDecoder().decode(
          ask("Page.captureScreenshot", "format", "png", "captureBeyondViewport", true).path("data").asText());
      Files.write(SCREENSHOTS.resolve(name + ".png"), png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    tools.close();
    end();
  }

  private void end() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    // what they still write would be in the way of whoever deletes the profile
    children.forEach(child -> child.onExit().completeOnTimeout(child, 10, TimeUnit.SECONDS).join());
  }
}
