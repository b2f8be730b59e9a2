package dev.weir.server.config;

/** The value of one variable; its name stands for it in messages. */
record Variable(Origin origin, String value) {

  /** @throws IllegalArgumentException if the value is not YAML */
  Node asYaml() {
    return YamlTree.parse(value, origin);
  }

  /** One value: as YAML where that gives one, else the text as it stands ({@code [::1]:5000}, a password with {@code @}). */
  Node asText() {
    try {
      Node node = asYaml();
      return node instanceof Node.Scalar || node instanceof Node.Nothing ? node : new Node.Scalar(value, origin);
    } catch (IllegalArgumentException e) {
      return new Node.Scalar(value, origin);
    }
  }

  @Override
  public String toString() {
    return origin.toString();
  }
}
