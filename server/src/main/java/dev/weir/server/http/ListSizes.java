package dev.weir.server.http;

/**
 * How much of a list one answer tells.
 *
 * @param repositories of the catalogue at most, however many are asked for ({@code catalog.maxentries})
 * @param tags the most that a client may ask for by number ({@code tags.maxtags}); 0: no bound
 */
public record ListSizes(int repositories, int tags) {}
