package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

/**
 * What was written of an export so far, a line each, below the request that it is written for. An archive's goes when that is
 * finished and lacks nothing. For one thread.
 */
final class Journal {
  private static final String NAME = ".weir-export.parts";
  /** No file is of this size. */
  private static final long UNFINISHED = -1;
  private static final ObjectWriter LINE = Contents.JSON.writer().without(SerializationFeature.INDENT_OUTPUT);
  private static final ObjectReader LINES = Contents.JSON.readerFor(Contents.File.class);

  private final Path file;
  private final String title;
  private final Map<String, Contents.File> parts = new HashMap<>();
  private boolean isOwn;

  private Journal(Path file, String request) {
    this.file = file;
    this.title = "# " + request.replaceAll("\\R", " ");
  }

  /**
   * Also knows the parts of one that is finished, and none that another request began.
   *
   * @param request what is to be written, in the same words whenever it is the same
   */
  static Journal in(Path folder, String request) throws IOException {
    Journal journal = new Journal(folder.resolve(NAME), request);
    Path list = folder.resolve(Contents.NAME);
    if (Files.exists(list)) {
      journal.parts.putAll(Contents.read(list).files());
    }
    if (Files.exists(journal.file)) {
      List<String> lines = Files.readString(journal.file).lines().toList();
      journal.isOwn = !lines.isEmpty() && lines.getFirst().equals(journal.title);
      if (journal.isOwn) {
        lines.stream().skip(1).forEach(journal::read);
      }
    }
    return journal;
  }

  /** Whether this request wrote here before, and did not come to its end. */
  boolean isOwn() {
    return isOwn;
  }

  /** Whether this request wrote, or began to write, a file of this name: it may write another in its place. */
  boolean owns(String name) {
    return isOwn && parts.containsKey(name);
  }

  /** From now on what is written here is this request's. */
  void begin() throws IOException {
    if (!isOwn) {
      Durable.write(file, title + "\n");
      isOwn = true;
    }
  }

  /** Before a file gets its name, so that it is known for one's own if nothing comes after that. */
  void claim(String name, Digest plan) throws IOException {
    add(new Contents.File(name, UNFINISHED, "", plan.toString()));
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

  /** A file that was written by this plan. */
  Optional<Contents.File> known(String name, Digest plan) {
    return Optional.ofNullable(parts.get(name)).filter(known -> known.plan().equals(plan.toString()));
  }

  /** The same, if something of its size is there, which nobody has read. */
  Optional<Contents.File> there(String name, Digest plan, Path folder) throws IOException {
    Path there = folder.resolve(name);
    Optional<Contents.File> known = known(name, plan);
    return known.isPresent() && Files.exists(there) && Files.size(there) == known.get().size()
        ? known
        : Optional.empty();
  }

  /** The same, byte for byte. Empty: it has to be written. */
  Optional<Contents.File> whole(String name, Digest plan, Path folder) throws IOException {
    Optional<Contents.File> known = there(name, plan, folder);
    return known.isPresent() && BlobFiles.digest(folder.resolve(name), Digest.Algorithm.SHA256).toString()
        .equals(known.get().digest()) ? known : Optional.empty();
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
