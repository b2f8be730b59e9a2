package dev.weir.server.realclient;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine;

import dev.weir.server.cli.WeirCommand;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code weir import}, run in this process. */
record ImportRun(int status, String out, String err) {

  /** @param root of weir's data; its configuration lies beside it */
  static ImportRun on(Path root, String... arguments) {
    List<String> all = new ArrayList<>(
        List.of("import", "--config", root.resolveSibling(root.getFileName() + ".yml").toString()));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = WeirCommand.commands().setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
    int status = commands.execute(all.toArray(String[]::new));
    return new ImportRun(status, out.toString(), err.toString());
  }

  ImportRun orFail() {
    assertThat(status).as("%s%s", out, err).isZero();
    return this;
  }
}
