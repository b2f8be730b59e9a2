package dev.weir.server.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.AdminClient;
import dev.weir.server.admin.Jobs;
import dev.weir.server.admin.Json;

/** Watches a job to its end, also while weir itself is away for a while: such a job goes on when weir is back. */
final class Following {
  private static final Duration LONGEST_ABSENCE = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final AdminClient weir;
  private final Consumer<Jobs.View> progress;
  private final Consumer<String> trouble;
  private long absentSince;

  /** @param trouble told once when weir does not answer */
  Following(AdminClient weir, Consumer<Jobs.View> progress, Consumer<String> trouble) {
    this.weir = weir;
    this.progress = progress;
    this.trouble = trouble;
  }

  /**
   * The result.
   *
   * @throws IOException if the job failed, or weir stays away; the message says so
   */
  JsonNode toItsEnd(JsonNode begun) throws IOException {
    JsonNode job = begun;
    while (true) {
      Jobs.View view = Json.value(job, Jobs.View.class);
      switch (view.state()) {
        case RUNNING -> progress.accept(view);
        case DONE -> {
          return job.path("result");
        }
        case FAILED -> throw new IOException("job " + view.id() + " failed: " + view.failure());
      }
      pause();
      job = next(view.id(), job);
    }
  }

  private JsonNode next(String id, JsonNode before) throws IOException {
    AdminClient.Answer answer;
    try {
      answer = weir.ask("GET", "/weir/v1/jobs/" + id, "");
    } catch (IOException e) {
      absent(id, e);
      return before;
    }
    absentSince = 0;
    if (answer.status() < 200 || answer.status() > 299) {
      throw new IOException("weir answered " + answer.status() + " when it was asked for job " + id);
    }
    return Json.tree(answer.body());
  }

  private void absent(String id, IOException why) throws IOException {
    long now = System.nanoTime();
    if (absentSince == 0) {
      absentSince = now;
      trouble.accept(why.getMessage() + "; job " + id + " goes on when it is back");
    } else if (now - absentSince > LONGEST_ABSENCE.toNanos()) {
      throw why;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      throw new IOException("stopped while waiting; the job goes on", e);
    }
  }
}
