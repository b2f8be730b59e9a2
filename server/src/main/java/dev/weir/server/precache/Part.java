package dev.weir.server.precache;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/**
 * A blob that an image needs.
 *
 * @param name under which it can be had
 * @param size in bytes
 */
record Part(RepositoryName name, Digest digest, long size) {}
