package dev.weir.server.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.sun.management.UnixOperatingSystemMXBean;

import static org.assertj.core.api.Assertions.assertThat;

/** What is around a server, and has to be the same after it. */
final class Surroundings {
  /** The JDK opens a few of its own when it likes. */
  private static final int DESCRIPTORS_OF_OTHERS = 20;

  private final Path folder;
  private final Path root;
  private final Map<String, String> files;
  private final Set<String> threads = threads();
  private final long descriptors = descriptors();

  /** @param root below {@code folder}, where a server may do what it wants */
  Surroundings(Path folder, Path root) throws IOException {
    this.folder = folder;
    this.root = root;
    this.files = files();
  }

  /** Without a look into the server's root, where files come and go meanwhile. */
  private Map<String, String> files() throws IOException {
    Map<String, String> all = new TreeMap<>();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
        if (path.equals(root)) {
          return FileVisitResult.SKIP_SUBTREE;
        }
        all.put(folder.relativize(path).toString(), "directory");
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
        all.put(folder.relativize(path).toString(), Files.readString(path));
        return FileVisitResult.CONTINUE;
      }
    });
    return all;
  }

  void filesAreUntouched() throws IOException {
    assertThat(files()).isEqualTo(files);
  }

  /** After the server's end. Threads and descriptors go a little later than whoever held them says. */
  void nothingIsLeft() throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!isClean() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(threads()).isSubsetOf(threads);
    assertThat(descriptors()).isLessThan(descriptors + DESCRIPTORS_OF_OTHERS);
  }

  private boolean isClean() {
    return threads.containsAll(threads()) && descriptors() < descriptors + DESCRIPTORS_OF_OTHERS;
  }

  /** Of weir's own. */
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
        .filter(name -> name.matches("(event-loop|password|housekeeping|request|download|fetch).*"))
        .collect(Collectors.toSet());
  }

  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
