package dev.weir.server.realclient;

/** The names under which a client of a {@link Site} finds what its upstream calls {@code team/…}. */
enum Route {
  /** The upstream's own name first. */
  UPSTREAM_PATH("hub/team/%s"),
  /** One name of ours for several repositories upstream. */
  EXACT_ALIAS("release/all"),
  /** A subtree of ours for a subtree upstream. */
  ALIAS_PREFIX("mirror/%s"),
  /** The upstream's path as it is, for want of any other rule. */
  PROXY("team/%s");

  private final String repository;

  Route(String repository) {
    this.repository = repository;
  }

  /** Below weir, without a tag. */
  String repository(TestImage image) {
    return repository.formatted(image.repository().substring("team/".length()));
  }
}
