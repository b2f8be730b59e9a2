package dev.weir.server.realclient;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** How weir is run, as {@code bin/weir} runs it. */
final class WeirProgram {
  private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC",
      "--enable-native-access=ALL-UNNAMED", "-Dweir.home=..");

  @GuardedBy("WeirProgram.class") private static @Nullable Start remembered;

  private WeirProgram() {}

  /** It starts in half the time of one that is {@link #unprepared}. */
  static List<String> command(String... arguments) {
    return remembered().command(List.of(), arguments);
  }

  /** The same for a short run, in which nothing is worth compiling well. */
  static List<String> brief(String... arguments) {
    return remembered().command(List.of("-XX:TieredStopAtLevel=1"), arguments);
  }

  /** Every class is looked for and linked anew. */
  static List<String> unprepared(String... arguments) {
    return new Start(List.of(), System.getProperty("java.class.path")).command(List.of(), arguments);
  }

  /** @param path of the classes */
  private record Start(List<String> options, String path) {
    List<String> command(List<String> more, String... arguments) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(OPTIONS);
      command.addAll(more);
      command.addAll(List.of("-cp", path, "dev.weir.server.Main"));
      command.addAll(List.of(arguments));
      return command;
    }
  }

  /** What one start has loaded and linked is kept for all others that the tests of this JVM need, and goes with it. */
  private static synchronized Start remembered() {
    Start known = remembered;
    remembered = known == null ? Remembering.remember() : known;
    return remembered;
  }

  /** How that is done. */
  private static final class Remembering {
    private Remembering() {}

    static Start remember() {
      try {
        Path folder = Files.createTempDirectory("weir-program");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        String path = inJars(folder);
        Path learnt = folder.resolve("weir.jsa");
        Path config = Files.writeString(folder.resolve("weir.yml"), """
            version: 0.1
            http: {addr: "127.0.0.1:0"}
            storage: {filesystem: {rootdirectory: "%s"}}
            upstreams: {quay.io: {}, registry.redhat.io: {}}
            """.formatted(folder.resolve("data")));
        Start first = new Start(List.of("-XX:ArchiveClassesAtExit=" + learnt, "-Xlog:disable"), path);
        ServerProcess.start(first.command(List.of(), "serve", config.toString()), Map.of()).stop();
        return new Start(List.of("-XX:SharedArchiveFile=" + learnt, "-Xlog:disable"), path);
      } catch (IOException e) {
        throw new UncheckedIOException("prepare the starts of weir", e);
      }
    }

    /** The JVM remembers only classes in jars. */
    private static String inJars(Path folder) {
      List<String> path = new ArrayList<>();
      for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path jar = folder.resolve("classes-" + path.size() + ".jar");
        boolean isFolder = Files.isDirectory(Path.of(each));
        if (isFolder) {
          ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "cf0", jar.toString(), "-C", each,
              ".");
        }
        path.add(isFolder ? jar.toString() : each);
      }
      return String.join(File.pathSeparator, path);
    }

    private static void delete(Path folder) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
