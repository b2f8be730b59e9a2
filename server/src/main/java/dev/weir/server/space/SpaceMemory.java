package dev.weir.server.space;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.weir.storage.Digest;

/**
 * Remembers over a restart when images were last asked for, and what blobs take: one file, written anew now and then. Not
 * synced: after a power cut it may be an older one, or none, and then what is held counts as used alike.
 */
final class SpaceMemory {
  private final Path file;

  SpaceMemory(Path root) {
    this.file = root.resolve("weir/use");
  }

  /** @param blobBytes what blobs took of the disk */
  record Remembered(Uses uses, long blobBytes) {
    static final Remembered NOTHING = new Remembered(Uses.NONE, 0);
  }

  /** Lines that cannot be read count as absent. */
  Remembered read() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Remembered.NOTHING;
    }
    Line head = lines.isEmpty() ? Line.NONE : Line.parse(lines.getFirst());
    Map<Digest, Long> uses = new HashMap<>();
    for (String each : lines.subList(Math.min(1, lines.size()), lines.size())) {
      Line line = Line.parse(each);
      Digest.parsed(line.key()).ifPresent(digest -> uses.put(digest, line.value()));
    }
    return new Remembered(new Uses(uses, digits(head.key())), head.value());
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
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  void write(Remembered what) throws IOException {
    Path fresh = file.resolveSibling("use.new");
    try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
      out.write(what.uses().otherwise() + " " + what.blobBytes() + "\n");
      for (Map.Entry<Digest, Long> use : what.uses().known().entrySet()) {
        out.write(use.getKey() + " " + use.getValue() + "\n");
      }
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
