/** A disk that remembers what was done to it, fails on demand, and can lose its power. */
@NullMarked
package dev.weir.storage.disk;

import org.jspecify.annotations.NullMarked;
