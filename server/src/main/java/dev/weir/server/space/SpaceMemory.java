package dev.weir.server.space;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;

/**
 * Remembers over a restart when images were last asked for, and what blobs take: one file, written anew now and then. Not
 * synced: after a power cut it may be an older one, or none, and then what is held counts as used alike.
 */
final class SpaceMemory {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final Path file;

  SpaceMemory(Path root) {
    this.file = root.resolve("weir/use");
  }

  /** The first line alone: there is one for every image behind it. */
  long blobBytes() throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String head = in.readLine();
      return head == null ? 0 : Line.parse(head).value();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Lines that cannot be read count as absent. */
  Uses uses() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Uses.NONE;
    }
    Line head = lines.isEmpty() ? Line.NONE : Line.parse(lines.getFirst());
    Map<Digest, Long> uses = new HashMap<>();
    for (String each : lines.subList(Math.min(1, lines.size()), lines.size())) {
      Line line = Line.parse(each);
      Digest.parsed(line.key()).ifPresent(digest -> uses.put(digest, line.value()));
    }
    return new Uses(uses, digits(head.key()));
  }

  private record Line(String key, long value) {
    static final Line NONE = new Line("", 0);

    static Line parse(String text) {
      String[] words = text.split(" ", 2);
      return new Line(words[0], words.length < 2 ? 0 : digits(words[1]));
    }
  }

  /** 0: it is no number. */
  private static long digits(String text) {
    return DIGITS.matcher(text).matches() ? Long.parseLong(text) : 0;
  }

  /** @param blobBytes what blobs take of the disk */
  void write(Uses uses, long blobBytes) throws IOException {
    Path fresh = file.resolveSibling("use.new");
    try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
      out.write(uses.otherwise() + " " + blobBytes + "\n");
      for (Map.Entry<Digest, Long> use : uses.known().entrySet()) {
        out.write(use.getKey() + " " + use.getValue() + "\n");
      }
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
