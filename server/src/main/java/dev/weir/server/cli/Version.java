package dev.weir.server.cli;

/** The version in the jar's manifest. */
final class Version {
  private Version() {}

  /** {@code development} when it does not run from a jar. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
