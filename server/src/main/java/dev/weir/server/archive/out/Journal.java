package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

/** The parts of an unfinished archive that are whole, a line each. It goes when the archive is finished. For one thread. */
final class Journal {
  private static final String NAME = ".weir-export.parts";
  private static final ObjectWriter LINE = Contents.JSON.writer().without(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectReader LINES = Contents.JSON.readerFor(Contents.File.class);

  private final Path file;
  private final Map<String, Contents.File> parts = new HashMap<>();

  private Journal(Path file) {
    this.file = file;
  }

  /** Also knows the parts of one that is finished. */
  static Journal in(Path folder) throws IOException {
    Journal journal = new Journal(folder.resolve(NAME));
    Path list = folder.resolve(Contents.NAME);
    if (Files.exists(list)) {
      journal.parts.putAll(Contents.read(list).files());
    }
    if (Files.exists(journal.file)) {
      for (String line : Files.readString(journal.file).lines().toList()) {
        journal.read(line);
      }
    }
    return journal;
  }

  /** One that a power cut left unfinished says nothing. */
  private void read(String line) {
    try {
      Contents.File part = LINES.readValue(line);
      parts.put(part.file(), part);
    } catch (JacksonException e) {
      // then its part is written once more
    }
  }

  boolean knows(String name) {
    return parts.containsKey(name);
  }

  /** A file that was written by this plan. */
  Optional<Contents.File> known(String name, Digest plan) {
    return Optional.ofNullable(parts.get(name)).filter(known -> known.plan().equals(plan.toString()));
  }

  /** The same, if it is there and whole. Empty: it has to be written. */
  Optional<Contents.File> whole(String name, Digest plan, Path folder) throws IOException {
    Path there = folder.resolve(name);
    Optional<Contents.File> known = known(name, plan);
    return known.isPresent() && Files.exists(there) && Files.size(there) == known.get().size()
        ? known
        : Optional.empty();
  }

  void add(Contents.File part) throws IOException {
    parts.put(part.file(), part);
    String line = LINE.writeValueAsString(part) + "\n";
    try (FileChannel channel = FileChannel.open(file, CREATE, APPEND)) {
      ByteBuffer rest = ByteBuffer.wrap(line.getBytes(UTF_8));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  void end() throws IOException {
    Files.deleteIfExists(file);
  }
}
