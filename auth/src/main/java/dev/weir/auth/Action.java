package dev.weir.auth;

/** What somebody may be allowed to do to a repository. None of them contains another. */
public enum Action {
  PULL, PUSH, DELETE, ADMIN
}
