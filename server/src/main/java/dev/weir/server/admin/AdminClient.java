package dev.weir.server.admin;

import java.io.IOException;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

/** Speaks to a running weir as one who administers it. For one thread. */
public interface AdminClient {
  /** An answer, whatever it says. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body) {}

  /**
   * Asks once.
   *
   * @param body empty: none
   * @throws IOException if there is no answer; the message says whom we tried to reach
   */
  Answer ask(String method, String path, String body) throws IOException;

  /** @throws IOException if the answer is no; the message is the server's own sentence */
  default JsonNode get(String path) throws IOException {
    return good(ask("GET", path, ""));
  }

  /**
   * Orders long work, and waits for its end.
   *
   * @param progress told now and then how far it is
   * @return the result
   * @throws IOException if it failed; the message says why
   */
  default JsonNode run(String path, Object order, Consumer<Jobs.View> progress) throws IOException {
    JsonNode job = good(ask("POST", path, Json.text(order)));
    while (true) {
      Jobs.View view = Json.value(job, Jobs.View.class);
      switch (view.state()) {
        case RUNNING -> progress.accept(view);
        case DONE -> {
          return job.path("result");
        }
        case FAILED -> throw new IOException(view.failure());
      }
      pause();
      job = good(ask("GET", "/weir/v1/jobs/" + view.id(), ""));
    }
  }

  /** Orders something, and returns what is answered at once. */
  default JsonNode order(String path, Object order) throws IOException {
    return good(ask("POST", path, Json.text(order)));
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting; the work goes on", e);
    }
  }

  private static JsonNode good(Answer answer) throws IOException {
    JsonNode body = Json.tree(answer.body());
    if (answer.status() < 200 || answer.status() > 299) {
      String sentence = body.path("errors").path(0).path("message").asText("");
      throw new IOException(sentence.isEmpty() ? "weir answered " + answer.status() : sentence);
    }
    return body;
  }
}
