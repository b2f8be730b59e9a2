package dev.weir.server.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Remembers over a restart which spans of a growing file are written, while that is not simply its beginning: a file
 * beside it, which is there only as long as it says something. What it says is true, and a little behind. For one thread
 * at a time.
 */
final class Ledger {
  static final String SUFFIX = ".ranges";

  private final Path file;
  private boolean isThere;

  Ledger(Path partial) {
    this.file = partial.resolveSibling(partial.getFileName() + SUFFIX);
    this.isThere = Files.exists(file);
  }

  /** Which growing file it is that a file belongs to; most are that file itself. */
  static Path partialOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int suffix = name.indexOf(SUFFIX);
    return suffix < 0 ? file : file.resolveSibling(name.substring(0, suffix));
  }

  /** How much of a growing file need not come again, as the next download that opens it will find. */
  static long bytes(Path partial) throws IOException {
    try {
      long end = Files.size(partial);
      Ledger ledger = new Ledger(partial);
      List<Span> spans = ledger.isThere() ? ledger.read() : List.of(new Span(0, end));
      return spans.isEmpty() || spans.getFirst().from() > 0 ? 0 : bytes(spans, end);
    } catch (@SuppressWarnings("UnusedException") NoSuchFileException e) { // never begun, or whole just now
      return 0;
    }
  }

  private static long bytes(List<Span> spans, long end) {
    return Math.min(spans.getFirst().to(), end) + spans.stream().skip(1).filter(span -> span.to() <= end)
        .mapToLong(span -> span.to() - span.from()).sum();
  }

  boolean isThere() {
    return isThere;
  }

  /** In ascending order, the first from 0 on. Empty: nothing is remembered, or it cannot be read. */
  List<Span> read() throws IOException {
    List<Span> spans = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] ends = line.split(" ", 2);
      try {
        spans.add(new Span(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])));
      } catch (NumberFormatException e) {
        return List.of();
      }
    }
    return spans;
  }

  /** Atomic; in force after a kill, and after a power cut either this or what was before. */
  void write(List<Span> spans) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh,
        spans.stream().map(span -> span.from() + " " + span.to() + "\n").collect(Collectors.joining()));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    isThere = true;
  }

  void delete() throws IOException {
    if (isThere) {
      Files.deleteIfExists(file);
      isThere = false;
    }
  }
}
