package dev.weir.server.budget;

/** Who goes first, the first of these before the others. */
public enum Urgency {
  /** A client waits, and not much is missing. */
  CLIENT_NEARLY_DONE,
  /** A client waits. */
  CLIENT,
  /** Every client has left. */
  BACKGROUND,
  /** No client ever waited: it is for a job of weir's own. */
  JOB
}
