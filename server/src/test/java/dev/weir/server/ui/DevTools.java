package dev.weir.server.ui;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Speaks to a browser (Chrome DevTools Protocol): commands and their answers, and what the browser tells unasked. */
final class DevTools implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final BiConsumer<String, JsonNode> events;
  @GuardedBy("this") private int lastId;
  /** Ends when all that was sent so far has gone. */
  @GuardedBy("this") private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

  /** @param events told of each by its method; must not wait */
  DevTools(URI address, BiConsumer<String, JsonNode> events) {
    this.events = events;
    this.socket = http.newWebSocketBuilder().buildAsync(address, new Listener()).join();
  }

  /** Sends a command and waits for what it gives. */
  JsonNode ask(String session, String method, Object... parameters) {
    try {
      return send(session, method, parameters).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(method + " was not done: " + e.getMessage(), e);
    }
  }

  /** @param parameters names and values by turns */
  synchronized CompletableFuture<JsonNode> send(String session, String method, Object... parameters) {
    int id = ++lastId;
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    ObjectNode given = command.putObject("params");
    for (int i = 0; i < parameters.length; i += 2) {
      given.set(parameters[i].toString(), JSON.valueToTree(parameters[i + 1]));
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    sent = sent.thenCompose(before -> socket.sendText(command.toString(), true));
    return answer;
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void take(String message) {
    JsonNode said;
    try {
      said = JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new AssertionError(message, e);
    }
    if (!said.has("id")) {
      events.accept(said.path("method").asText(), said.path("params"));
      return;
    }
    CompletableFuture<JsonNode> answer = waiting.remove(said.path("id").asInt());
    if (answer == null) {
      return;
    }
    if (said.has("error")) {
      answer.completeExceptionally(new AssertionError(said.path("error").toString()));
    } else {
      answer.complete(said.path("result"));
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
