package dev.weir.storage;

/**
 * Where an object lies below a store's root: components joined by slashes, none of them empty, {@code .} or {@code ..}.
 */
public record ObjectKey(String value) {
  public ObjectKey {
    for (String component : value.split("/", -1)) {
      if (component.isEmpty() || component.equals(".") || component.equals("..")) {
        throw new IllegalArgumentException("not an object key: " + Names.shown(value));
      }
    }
  }

  /** The key {@code below}, itself one or more components, under this one. */
  public ObjectKey resolve(String below) {
    return new ObjectKey(value + "/" + below);
  }

  @Override
  public String toString() {
    return value;
  }
}
