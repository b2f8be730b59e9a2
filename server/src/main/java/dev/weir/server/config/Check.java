package dev.weir.server.config;

import java.util.Map;

/** Holds a tree against the table of keys: unknown keys, values of the wrong kind, keys without effect, missing guards. */
final class Check {
  private final Node root;
  private final Findings findings;

  Check(Node root, Findings findings) {
    this.root = root;
    this.findings = findings;
  }

  void run() {
    section(Schema.ROOT, "", root);
  }

  private void section(Schema schema, String path, Node node) {
    if (node instanceof Node.Mapping mapping) {
      mapping.entries().forEach((name, value) -> entry(schema, path.isEmpty() ? name : path + "." + name, name, value));
    } else if (!(node instanceof Node.Nothing)) {
      findings.problem(node.origin(), path.isEmpty() ? "configuration" : path,
          node.shape() + " stands here where a section is wanted, with keys of its own");
    }
  }

  private void entry(Schema schema, String path, String name, Node value) {
    Schema child = schema.child(name);
    if (child == null) {
      unknown(schema, path, name, value);
      return;
    }
    Key key = child.key();
    if (key == null) {
      section(child, path, value);
    } else {
      check(key, path, value);
    }
  }

  private void unknown(Schema schema, String path, String name, Node value) {
    String sentence = "no such key"
        + Nearest.to(name, schema.children().keySet()).map(near -> "; did you mean " + near + "?")
            .orElse("");
    if (isStrict(path)) {
      findings.problem(value.origin(), path, sentence);
    } else {
      findings.warning(value.origin(), path, sentence + " (ignored)");
    }
  }

  private static boolean isStrict(String path) {
    return Keys.STRICT.contains(path.split("\\.", 2)[0])
        || Keys.STRICT_BELOW.stream().anyMatch(section -> path.startsWith(section + "."));
  }

  private void check(Key key, String path, Node value) {
    if (key.status() instanceof Key.Status.Refused refused) {
      guard(key, refused, value);
      return;
    }
    try {
      if (value instanceof Node.Nothing) {
        return;
      }
      key.kind().parse(value);
      unused(key, path, value);
    } catch (IllegalArgumentException e) {
      findings.problem(value.origin(), path, String.valueOf(e.getMessage()));
    }
  }

  private void unused(Key key, String path, Node value) {
    if (key.status() instanceof Key.Status.Ignored ignored && !key.isDefault(value)) {
      findings.warning(value.origin(), path, "ignored: " + ignored.reason());
    }
  }

  private void guard(Key key, Key.Status.Refused refused, Node value) {
    boolean idle = !refused.byPresence() && (value.asksForNothing() || key.isDefault(value));
    if (!idle && !switchedOff(refused.unless())) {
      findings.problem(value.origin(), key.path(), refused.reason());
    }
  }

  private boolean switchedOff(String flag) {
    Node at = root;
    for (String segment : flag.split("\\.", -1)) {
      Map<String, Node> children = at.children();
      at = children.getOrDefault(segment, new Node.Nothing(at.origin()));
    }
    try {
      return at instanceof Node.Scalar && Kind.FLAG.parse(at);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
