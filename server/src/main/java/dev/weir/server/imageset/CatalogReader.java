package dev.weir.server.imageset;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads a catalog's files, one blob after the other: such a file can have hundreds of megabytes, most of them in
 * properties that nobody needs here, and is never in memory as a whole.
 */
final class CatalogReader {
  private static final int LONGEST_TEXT = 1 << 20;
  private static final long LARGEST_JSON = 256L << 20;
  /** A text in YAML is in memory before its length is known, so no file is longer than a text may be. */
  private static final int LARGEST_YAML = 32 << 20;
  /** The time for a text in YAML grows with the square of its length in one line. */
  private static final long LONGEST_LINE = 2 << 20;
  /** Names of fields are not kept for the next file: an index can make up as many as it likes. */
  private static final JsonFactory JSON = JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build()).build();
  private static final YAMLFactory YAML = YAMLFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LARGEST_YAML).build())
      .loaderOptions(generous()).build();

  private final JsonParser parser;
  private final Room room;

  private CatalogReader(JsonParser parser, Room room) {
    this.parser = parser;
    this.room = room;
  }

  private static LoaderOptions generous() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LARGEST_YAML);
    return options;
  }

  static boolean isCatalogFile(String path) {
    return path.endsWith(".json") || path.endsWith(".yaml") || path.endsWith(".yml");
  }

  /**
   * The blobs of one file.
   *
   * @param file not closed
   * @param room for what is kept of it
   * @throws IOException if it is no catalog's file
   */
  static List<CatalogBlob> read(String path, InputStream file, Room room) throws IOException {
    boolean json = path.endsWith(".json");
    List<CatalogBlob> blobs = new ArrayList<>();
    try (JsonParser parser = (json ? JSON : YAML)
        .createParser(
            new CatalogFile(file, json ? LARGEST_JSON : LARGEST_YAML, json ? Long.MAX_VALUE : LONGEST_LINE, path))) {
      CatalogReader reader = new CatalogReader(parser, room);
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          reader.blob().ifPresent(blobs::add);
        }
      }
    } catch (JacksonException e) {
      throw new IOException("the catalog's file " + path + " cannot be read: " + e.getOriginalMessage(), e);
    } catch (CharConversionException e) {
      throw new IOException("the catalog's file " + path + " cannot be read: " + e.getMessage(), e);
    }
    return blobs;
  }

  /** What a blob has, whatever the order in which it says so. */
  private static final class Fields {
    private String schema = "";
    private String name = "";
    private String operator = "";
    private String image = "";
    private String defaultChannel = "";
    private String version = "";
    private List<CatalogContent.Entry> entries = List.of();
    private List<String> related = List.of();

    private Optional<CatalogBlob> blob() {
      return switch (schema) {
        case "olm.package" -> Optional.of(new CatalogBlob.Operator(name, defaultChannel));
        case "olm.channel" -> Optional.of(new CatalogBlob.Channel(name, operator, entries));
        case "olm.bundle" -> Optional.of(new CatalogBlob.OfBundle(new Bundle(name, operator, version, image, related)));
        default -> Optional.empty();
      };
    }
  }

  /** Told of a field, with the parser at its value, which it takes or passes over. */
  @FunctionalInterface
  private interface Field {
    void at(String name) throws IOException;
  }

  /** Looks at one object after the other, with the parser at what may be a list of them. */
  @FunctionalInterface
  private interface Element {
    void here() throws IOException;
  }

  private void fields(Field field) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      field.at(name);
    }
  }

  private void each(JsonToken kind, Element element) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    for (JsonToken token = parser.nextToken(); token != null
        && token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token == kind) {
        element.here();
      } else {
        parser.skipChildren();
      }
    }
  }

  private Optional<CatalogBlob> blob() throws IOException {
    Fields fields = new Fields();
    fields(key -> field(key, fields));
    return fields.blob();
  }

  private void field(String key, Fields fields) throws IOException {
    switch (key) {
      case "schema" -> fields.schema = text();
      case "name" -> fields.name = text();
      case "package" -> fields.operator = text();
      case "image" -> fields.image = text();
      case "defaultChannel" -> fields.defaultChannel = text();
      case "entries" -> fields.entries = entries();
      case "relatedImages" -> fields.related = related();
      case "properties" -> fields.version = version();
      default -> parser.skipChildren();
    }
  }

  private String text() throws IOException {
    String text = parser.getValueAsString("");
    parser.skipChildren();
    return room.kept(text == null ? "" : text);
  }

  private List<String> related() throws IOException {
    List<String> images = new ArrayList<>();
    each(JsonToken.START_OBJECT, () -> fields(key -> {
      if (key.equals("image")) {
        images.add(text());
      } else {
        parser.skipChildren();
      }
    }));
    images.removeIf(String::isEmpty);
    return images;
  }

  private List<CatalogContent.Entry> entries() throws IOException {
    List<CatalogContent.Entry> entries = new ArrayList<>();
    each(JsonToken.START_OBJECT, () -> entries.add(entry()));
    return entries;
  }

  private CatalogContent.Entry entry() throws IOException {
    String[] name = {room.kept("")};
    List<String> before = new ArrayList<>();
    fields(key -> {
      switch (key) {
        case "name" -> name[0] = text();
        case "replaces" -> before.add(text());
        case "skips" -> each(JsonToken.VALUE_STRING, () -> before.add(text()));
        default -> parser.skipChildren();
      }
    });
    return new CatalogContent.Entry(name[0], before);
  }

  /** Of the properties one is small and needed; the others are passed over, each on its own. */
  private String version() throws IOException {
    String[] found = {""};
    each(JsonToken.START_OBJECT, () -> found[0] = property().orElse(found[0]));
    return found[0];
  }

  private Optional<String> property() throws IOException {
    String[] typeAndVersion = {"", ""};
    fields(key -> {
      String type = typeAndVersion[0];
      if (key.equals("type")) {
        typeAndVersion[0] = text();
      } else if (key.equals("value") && parser.currentToken() == JsonToken.START_OBJECT
          && (type.isEmpty() || type.equals("olm.package"))) {
        fields(inner -> {
          if (inner.equals("version")) {
            typeAndVersion[1] = text();
          } else {
            parser.skipChildren();
          }
        });
      } else {
        parser.skipChildren();
      }
    });
    return typeAndVersion[0].equals("olm.package") ? Optional.of(typeAndVersion[1]) : Optional.empty();
  }
}
