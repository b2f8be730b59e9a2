package dev.weir.server.imageset;

/** Something that was asked for and is not in the set. */
public record Unresolved(String what, String why) {
  @Override
  public String toString() {
    return what + ": " + why;
  }
}
