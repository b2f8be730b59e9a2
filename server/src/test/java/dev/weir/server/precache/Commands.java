package dev.weir.server.precache;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.weir.server.admin.Json;
import dev.weir.server.cli.WeirCommand;

/** weir's commands, given to the weir on some data. */
public final class Commands {
  private final Path config;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** @param root of the data of a {@link dev.weir.server.pullthrough.TestWeir} */
  public Commands(Path root) {
    this.config = root.resolveSibling(root.getFileName() + ".yml");
  }

  /** Its exit status. */
  public int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--config", config.toString()));
    return WeirCommand.commands().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }

  public JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out());
  }

  public Report report() throws IOException {
    return Json.value(json(), Report.class);
  }
}
