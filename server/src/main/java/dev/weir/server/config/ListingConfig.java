package dev.weir.server.config;

/**
 * How much a list shows at once.
 *
 * @param catalogEntries without {@code n}
 * @param tags           the most that {@code n} may ask for; 0 for no bound
 */
public record ListingConfig(int catalogEntries, int tags) {}
