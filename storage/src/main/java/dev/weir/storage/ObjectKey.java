package dev.weir.storage;

/**
 * Where an object lies below a store's root: components joined by slashes, none of them empty, {@code .} or {@code ..},
 * no control characters, well-formed Unicode. So every store can hold it and none is led out of its root.
 */
public record ObjectKey(String value) {
  public ObjectKey {
    if (value.codePoints().anyMatch(ObjectKey::isUnfit)) {
      throw new IllegalArgumentException("not an object key: " + Names.shown(value));
    }
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

  /** A surrogate is seen as a code point only when it lacks its other half. */
  private static boolean isUnfit(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  @Override
  public String toString() {
    return value;
  }
}
