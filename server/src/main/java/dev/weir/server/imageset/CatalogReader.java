package dev.weir.server.imageset;

import java.io.FilterInputStream;
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
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads a catalog's files, one blob after the other: such a file can have hundreds of megabytes, most of them in
 * properties that nobody needs here, and is never in memory as a whole.
 */
final class CatalogReader {
  private static final int LONGEST_TEXT = 64 << 20;
  private static final int LONGEST_YAML = 512 << 20;
  private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
      .maxStringLength(LONGEST_TEXT).build();
  private static final JsonFactory JSON = JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();
  private static final YAMLFactory YAML = YAMLFactory.builder().streamReadConstraints(CONSTRAINTS)
      .loaderOptions(generous()).build();
  private static final ObjectMapper TREES = new ObjectMapper();

  private CatalogReader() {}

  private static LoaderOptions generous() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LONGEST_YAML);
    return options;
  }

  static boolean isCatalogFile(String path) {
    return path.endsWith(".json") || path.endsWith(".yaml") || path.endsWith(".yml");
  }

  /**
   * The blobs of one file.
   *
   * @param file not closed
   * @throws IOException if it is no catalog's file
   */
  static List<CatalogBlob> read(String path, InputStream file) throws IOException {
    JsonFactory factory = path.endsWith(".json") ? JSON : YAML;
    List<CatalogBlob> blobs = new ArrayList<>();
    try (JsonParser parser = factory.createParser(new Unclosed(file))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          blob(parser).ifPresent(blobs::add);
        }
      }
    } catch (JacksonException e) {
      throw new IOException("the catalog's file " + path + " cannot be read: " + e.getOriginalMessage(), e);
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

  private static Optional<CatalogBlob> blob(JsonParser parser) throws IOException {
    Fields fields = new Fields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      field(parser, key, fields);
    }
    return fields.blob();
  }

  private static void field(JsonParser parser, String key, Fields fields) throws IOException {
    switch (key) {
      case "schema" -> fields.schema = text(parser);
      case "name" -> fields.name = text(parser);
      case "package" -> fields.operator = text(parser);
      case "image" -> fields.image = text(parser);
      case "defaultChannel" -> fields.defaultChannel = text(parser);
      case "entries" -> fields.entries = trees(parser).stream().map(CatalogReader::entry).toList();
      case "relatedImages" -> fields.related = trees(parser).stream().map(each -> each.path("image").asText())
          .filter(image -> !image.isEmpty()).toList();
      case "properties" -> fields.version = version(parser).orElse("");
      default -> parser.skipChildren();
    }
  }

  private static String text(JsonParser parser) throws IOException {
    String text = parser.getValueAsString("");
    parser.skipChildren();
    return text == null ? "" : text;
  }

  private static List<JsonNode> trees(JsonParser parser) throws IOException {
    JsonNode tree = TREES.readTree(parser);
    return tree == null ? List.of() : tree.valueStream().toList();
  }

  private static CatalogContent.Entry entry(JsonNode node) {
    List<String> before = new ArrayList<>();
    node.path("skips").forEach(skipped -> before.add(skipped.asText()));
    if (node.hasNonNull("replaces")) {
      before.add(node.path("replaces").asText());
    }
    return new CatalogContent.Entry(node.path("name").asText(), before);
  }

  /** Of the properties one is small and needed; the others are passed over, each on its own. */
  private static Optional<String> version(JsonParser parser) throws IOException {
    Optional<String> found = Optional.empty();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return found;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      Optional<String> version = property(parser);
      found = version.isPresent() ? version : found;
    }
    return found;
  }

  private static Optional<String> property(JsonParser parser) throws IOException {
    String type = "";
    String version = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      if (key.equals("type")) {
        type = text(parser);
      } else if (key.equals("value") && (type.isEmpty() || type.equals("olm.package"))) {
        JsonNode value = TREES.readTree(parser);
        version = value == null ? "" : value.path("version").asText();
      } else {
        parser.skipChildren();
      }
    }
    return type.equals("olm.package") ? Optional.of(version) : Optional.empty();
  }

  /** Its parser closes what it reads from. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // the layer goes on behind this file
    }
  }
}
