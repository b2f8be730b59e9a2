package dev.weir.server.budget;

/** Who goes first, the first of these before the others. */
public enum Urgency {
  /** A client waits, and not much is missing. */
  CLIENT_NEARLY_DONE,
  /** A client waits. */
  CLIENT,
  /** A job of weir's own, or a download that every client has left. */
  BACKGROUND
}
