package dev.weir.auth;

/** Somebody at the door. */
public sealed interface Who {
  Who ANYBODY = new Anybody();

  /** Gave no credentials. */
  record Anybody() implements Who {
    @Override
    public String toString() {
      return "-";
    }
  }

  /** Proved to be who the name says. */
  record User(String name) implements Who {
    @Override
    public String toString() {
      return name;
    }
  }
}
