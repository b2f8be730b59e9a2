package dev.weir.server.registry;

import dev.weir.server.budget.Budget;
import dev.weir.server.upstream.UpstreamRegistry;

/**
 * A registry that weir fills itself from.
 *
 * @param name as configured: the first path component and the value of {@code ?ns=}
 * @param offline never asked; what is held is all there is
 * @param budget for downloads of its content
 */
public record Upstream(String name, UpstreamRegistry client, boolean offline, Budget budget) {
  /** One that nobody bounds. */
  public Upstream(String name, UpstreamRegistry client, boolean offline) {
    this(name, client, offline, Budget.UNLIMITED);
  }
}
