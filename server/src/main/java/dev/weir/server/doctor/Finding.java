package dev.weir.server.doctor;

/**
 * One thing found.
 *
 * @param what a sentence without its full stop; holds no secret
 * @param todo what to do about it, for whoever has never seen it before; empty where all is well
 */
public record Finding(Level level, String subject, String what, String todo) {
  /** How bad it is. */
  public enum Level {
    OK,
    /** weir runs, and something will go wrong or already does. */
    WARN,
    /** weir does not start, or a part of it does not work. */
    FAIL
  }

  static Finding ok(String subject, String what) {
    return new Finding(Level.OK, subject, what, "");
  }

  static Finding warn(String subject, String what, String todo) {
    return new Finding(Level.WARN, subject, what, todo);
  }

  static Finding fail(String subject, String what, String todo) {
    return new Finding(Level.FAIL, subject, what, todo);
  }
}
