package dev.weir.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * wrk with a number of kept connections: the same request over and over, for a time.
 *
 * @param headers sent with each request
 */
record Wrk(int threads, int connections, List<String> headers) {
  /** Prints the figures exactly, which wrk itself rounds. */
  private static final String SCRIPT = "figures.lua";
  private static final String FIGURES = "weir-bench ";

  static Wrk connections(int connections) {
    return new Wrk(Math.min(2, connections), connections, List.of(Connection.ACCEPT));
  }

  Wrk with(String header) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    return new Wrk(threads, connections, more);
  }

  /** @param openssl the configuration that leaves one cipher to choose */
  Load run(URI target, double seconds, Path openssl) throws IOException, InterruptedException {
    Path file = Files.createTempFile("weir-bench", ".lua");
    try (InputStream resource = Resources.open(SCRIPT)) {
      Files.write(file, resource.readAllBytes());
      return parse(Command.output(Map.of("OPENSSL_CONF", openssl.toString()), command(target, seconds, file)), target);
    } finally {
      Files.delete(file);
    }
  }

  private List<String> command(URI target, double seconds, Path file) {
    List<String> words = new ArrayList<>(List.of("wrk", "--threads", "" + threads, "--connections", "" + connections,
        "--duration", Math.max(1, Math.round(seconds)) + "s", "--timeout", "60s", "--script", file.toString()));
    for (String header : headers) {
      words.addAll(List.of("--header", header));
    }
    words.add(target.toString());
    return words;
  }

  /** Reads the line of the script: microseconds, requests, bytes, p99 in microseconds, errors. */
  static Load parse(String output, URI target) throws IOException {
    String line = output.lines().filter(each -> each.startsWith(FIGURES)).findFirst()
        .orElseThrow(() -> new IOException("wrk on " + target + " printed no figures:\n" + output));
    String[] figures = line.substring(FIGURES.length()).split(" ", -1);
    long errors = Long.parseLong(figures[4]);
    long bytes = Long.parseLong(figures[2]);
    if (errors > 0 || bytes == 0) {
      throw new IOException("wrk on " + target + " counted " + errors + " errors and " + bytes + " bytes");
    }
    return new Load(Long.parseLong(figures[0]) / 1e6, Long.parseLong(figures[1]), bytes,
        Long.parseLong(figures[3]) / 1e3);
  }
}
