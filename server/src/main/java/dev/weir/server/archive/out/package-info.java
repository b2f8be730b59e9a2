/**
 * What is held here, written down for those beyond the air gap: as an archive of ours, or as a tree that other tools read. Reads
 * what is here and fetches nothing.
 */
@NullMarked
package dev.weir.server.archive.out;

import org.jspecify.annotations.NullMarked;
