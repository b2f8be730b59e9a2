package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What an archive is made of, as {@code weir-export.json} beside its parts says.
 *
 * @param format {@link #FORMAT}
 * @param parts each file with its digest
 * @param images what was asked for, with the tags that lead to it
 * @param blobs every manifest and blob that is in a part
 * @param elsewhere what the images need, and the other side has
 * @param missing what was not here when it was written
 */
public record Contents(String format, List<File> parts, List<Image> images, List<Blob> blobs, List<Blob> elsewhere,
    List<Missing> missing) {
  static final String FORMAT = "weir-archive-1";
  static final String NAME = "weir-export.json";
  static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT)
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public Contents {
    parts = List.copyOf(parts);
    images = List.copyOf(images);
    blobs = List.copyOf(blobs);
    elsewhere = List.copyOf(elsewhere);
    missing = List.copyOf(missing);
  }

  /**
   * A part.
   *
   * @param plan digest of what is in it: two with the same have the same bytes
   */
  public record File(String file, long size, String digest, String plan) {}

  /** By the name under which it was held. */
  public record Image(String name, String digest, List<String> tags) {
    public Image {
      tags = List.copyOf(tags);
    }
  }

  /** Some bytes, by their digest. */
  public record Blob(String digest, long size) {}

  /**
   * Of what was written.
   *
   * @param without what the other side has
   * @param damaged by digest, what could not be written
   */
  static Contents of(Cargo cargo, Set<String> without, List<File> parts, Map<String, Missing> damaged) {
    List<Image> images = new ArrayList<>();
    for (Cargo.Image image : cargo.images()) {
      images.add(new Image(image.name().value(), image.digest().toString(),
          cargo.tags(image.name(), image.digest()).stream().map(Object::toString).toList()));
    }
    images.sort((one, other) -> (one.name() + "@" + one.digest()).compareTo(other.name() + "@" + other.digest()));
    return new Contents(FORMAT, parts, images,
        blobs(cargo, piece -> !Cargo.staysHome(piece, without) && !damaged.containsKey(piece.digest().toString())),
        blobs(cargo, piece -> Cargo.staysHome(piece, without)),
        Stream.concat(cargo.missing().stream(), damaged.values().stream()).toList());
  }

  private static List<Blob> blobs(Cargo cargo, Predicate<Cargo.Piece> filter) {
    return cargo.pieces().values().stream().filter(filter)
        .map(piece -> new Blob(piece.digest().toString(), piece.size())).toList();
  }

  /** Once this archive was imported, and those before it, the other side has these. */
  Stream<String> digests() {
    return Stream.concat(blobs.stream(), elsewhere.stream()).map(Blob::digest);
  }

  /** The parts by their files. */
  Map<String, File> files() {
    Map<String, File> found = new HashMap<>();
    parts.forEach(part -> found.put(part.file(), part));
    return found;
  }

  String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JacksonException e) {
      throw new IllegalStateException("records are JSON", e);
    }
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is none; the message is a sentence
   */
  static Contents read(Path file) throws IOException {
    Contents read;
    try {
      read = JSON.readValue(Files.readAllBytes(file), Contents.class);
    } catch (JacksonException e) {
      throw new IOException(file + " cannot be read as the list of an archive: " + e.getOriginalMessage(), e);
    }
    if (!FORMAT.equals(read.format())) {
      throw new IOException(file + " is the list of an archive of another kind: " + read.format());
    }
    return read;
  }
}
