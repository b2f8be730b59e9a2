package dev.weir.server.shipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** The files in {@code conf/}. */
final class Shipped {
  static final Path FOLDER = Path.of("..", "conf");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Shipped() {}

  /** Below a directory, by the end of their names. */
  static List<Path> files(String directory, String... ends) {
    try (Stream<Path> all = Files.walk(FOLDER.resolve(directory))) {
      return all.filter(Files::isRegularFile).filter(file -> Stream.of(ends).anyMatch(file.toString()::endsWith))
          .sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a YAML file. */
  static List<JsonNode> documents(Path file) {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      return new ArrayList<>(all.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** The one document of a YAML file. */
  static JsonNode document(String file) {
    return documents(FOLDER.resolve(file)).getFirst();
  }

  /** Every document of a kind, below the directories. */
  static List<JsonNode> ofKind(String kind, String... directories) {
    return Stream.of(directories).flatMap(each -> files(each, ".yaml").stream()).flatMap(file -> documents(file)
        .stream()).filter(each -> each.path("kind").asText().equals(kind)).toList();
  }
}
