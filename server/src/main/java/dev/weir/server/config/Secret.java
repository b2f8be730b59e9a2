package dev.weir.server.config;

/** A text that is never shown: not in logs, not in messages, not in the effective configuration. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
