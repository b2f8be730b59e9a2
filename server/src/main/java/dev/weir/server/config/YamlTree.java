package dev.weir.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.scanner.ScannerException;

/**
 * YAML text as a {@link Node} tree. Merge keys and anchors are resolved; a key that stands twice is refused. Messages
 * hold no piece of the text beyond keys: what cannot be parsed may be somebody's password.
 */
final class YamlTree {
  private static final int DEEPEST = 50;
  private static final int MOST_NODES = 100_000;

  private final IntFunction<Origin> originOfLine;
  /** Guards against anchors that multiply each other. */
  private int nodes;

  private YamlTree(IntFunction<Origin> originOfLine) {
    this.originOfLine = originOfLine;
  }

  /**
   * @param originOfLine names a line, the first being 1
   * @throws IllegalArgumentException if {@code text} is not one YAML document; the message begins with the place
   */
  static Node parse(String text, IntFunction<Origin> originOfLine) {
    YamlTree tree = new YamlTree(originOfLine);
    try {
      org.yaml.snakeyaml.nodes.Node root = compose(text);
      return root == null ? new Node.Nothing(originOfLine.apply(1)) : tree.node(root, tree.origin(root), 0);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new IllegalArgumentException(originOfLine.apply(line) + ": not YAML: " + sentence(e), e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(
          originOfLine.apply(1) + ": not YAML: it holds a control character, or is nested"
              + " or repeated beyond all measure",
          e);
    }
  }

  /** As Yaml.compose does, without what makes objects of it: that takes longer to set up than to parse all. */
  private static org.yaml.snakeyaml.nodes.@Nullable Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options).getSingleNode();
  }

  static Node parse(String text, Origin origin) {
    return parse(text, line -> origin);
  }

  /** The scanner's words name single characters only; what the others say may quote the text. */
  private static String sentence(MarkedYAMLException e) {
    if (e instanceof ScannerException) {
      return e.getProblem();
    }
    return "the structure breaks here (indentation, a bracket left open, a value that begins with * & ! and is not quoted,"
        + " or a second document)";
  }

  private Node node(org.yaml.snakeyaml.nodes.Node yaml, Origin origin, int depth) {
    if (depth > DEEPEST || ++nodes > MOST_NODES) {
      throw new IllegalArgumentException(origin + ": anchors here repeat each other without end");
    }
    return switch (yaml) {
      case ScalarNode scalar -> scalar(scalar, origin);
      case SequenceNode sequence -> new Node.Sequence(items(sequence, depth), origin);
      case MappingNode mapping -> new Node.Mapping(entries(mapping, depth), origin);
      default -> throw new IllegalArgumentException(origin + ": a value of an unknown shape");
    };
  }

  private static Node scalar(ScalarNode scalar, Origin origin) {
    return scalar.getTag().equals(Tag.NULL) ? new Node.Nothing(origin) : new Node.Scalar(scalar.getValue(), origin);
  }

  private List<Node> items(SequenceNode sequence, int depth) {
    return sequence.getValue().stream().map(item -> node(item, origin(item), depth + 1)).toList();
  }

  private Map<String, Node> entries(MappingNode mapping, int depth) {
    Map<String, Node> own = new LinkedHashMap<>();
    Map<String, Node> merged = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Origin origin = origin(tuple.getKeyNode());
      Node value = node(tuple.getValueNode(), origin, depth + 1);
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(value, merged);
      } else {
        add(own, key(tuple, origin), value);
      }
    }
    merged.forEach(own::putIfAbsent);
    return own;
  }

  private static void add(Map<String, Node> entries, String key, Node value) {
    Node earlier = entries.putIfAbsent(key, value);
    if (earlier != null) {
      throw new IllegalArgumentException(value.origin() + ": " + key + " stands here a second time, the first is at "
          + earlier.origin());
    }
  }

  private static void merge(Node value, Map<String, Node> merged) {
    if (value instanceof Node.Sequence sequence) {
      sequence.items().forEach(item -> merge(item, merged));
    } else {
      value.children().forEach(merged::putIfAbsent);
    }
  }

  private static String key(NodeTuple tuple, Origin origin) {
    if (tuple.getKeyNode() instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new IllegalArgumentException(origin + ": a key must be a single word, not a list or a section");
  }

  private Origin origin(org.yaml.snakeyaml.nodes.Node yaml) {
    return originOfLine.apply(yaml.getStartMark().getLine() + 1);
  }
}
