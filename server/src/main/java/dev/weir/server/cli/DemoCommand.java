package dev.weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.weir.server.config.ConfigException;
import dev.weir.server.wiring.Logging;

/** {@code weir demo}: shows what weir is for, and leaves nothing behind. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = {
    "Shows the main job with no network at all: an image pulled through weir,", "and again when its upstream is gone."})
final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);
  private static final long PAYLOAD_BYTES = 64 << 20;
  private static final int PATIENCE_SECONDS = 5;
  /** As a shell says of what SIGINT ended. */
  private static final int STOPPED = 130;

  private final long payloadBytes;
  @Spec private @Nullable CommandSpec spec;

  DemoCommand() {
    this(PAYLOAD_BYTES);
  }

  DemoCommand(long payloadBytes) {
    this.payloadBytes = payloadBytes;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec, "given by picocli").commandLine().getOut();
    int status = Logging.silently(() -> run(out));
    out.println(status == ExitCode.OK
        ? "done:         all of it as it should be; nothing is left behind"
        : "stopped:      nothing is left behind");
    out.flush();
    return status;
  }

  private int run(PrintWriter out) throws IOException, InterruptedException, ConfigException {
    CountDownLatch over = new CountDownLatch(1);
    DemoSite site = DemoSite.create();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(site, over), "stop"));
    try {
      new Demo(site, out, payloadBytes).run();
      return ExitCode.OK;
    } catch (IOException e) {
      if (!site.isStopped()) {
        throw e;
      }
      return STOPPED;
    } finally {
      site.close();
      over.countDown();
    }
  }

  /** On Ctrl-C. What is under way fails now that nobody answers, and cleans up after itself. */
  private static void stop(DemoSite site, CountDownLatch over) {
    site.stopAll();
    try {
      if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        site.close();
      }
    } catch (IOException | InterruptedException e) {
      LOG.warn("while stopping: {}", e.getMessage());
    }
  }
}
