package dev.weir.server.space;

import dev.weir.storage.RepositoryName;

/**
 * What one repository holds. What several share counts for each of them.
 *
 * @param owned how many images a person pushed or pinned
 * @param cached how many others
 * @param ownedBytes of blobs that are kept because of the owned ones
 * @param cachedBytes of blobs that only cached ones name
 */
public record Share(RepositoryName name, int owned, int cached, long ownedBytes, long cachedBytes) {}
