package dev.weir.server.keep;

/** What a look at a blob's bytes found. */
public sealed interface Verdict {
  /** As it should be. */
  record Intact(long bytes) implements Verdict {}

  record Absent() implements Verdict {}

  /**
   * Something else.
   *
   * @param reason what it was
   * @param healed whether the right bytes were brought back
   */
  record Damaged(String reason, boolean healed) implements Verdict {}

  Verdict ABSENT = new Absent();
}
