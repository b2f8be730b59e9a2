package dev.weir.server.config;

/** Where a value was written: {@code weir.yml:12}, or the name of a variable. */
record Origin(String place) {
  static final Origin DEFAULT = new Origin("default");

  static Origin line(String file, int line) {
    return new Origin(file + ":" + line);
  }

  static Origin variable(String name) {
    return new Origin(name);
  }

  @Override
  public String toString() {
    return place;
  }
}
