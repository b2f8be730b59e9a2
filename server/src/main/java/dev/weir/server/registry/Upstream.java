package dev.weir.server.registry;

import dev.weir.server.upstream.UpstreamRegistry;

/**
 * A registry that weir fills itself from.
 *
 * @param name as configured: the first path component and the value of {@code ?ns=}
 * @param offline never asked; what is held is all there is
 */
public record Upstream(String name, UpstreamRegistry client, boolean offline) {}
