/** The heart: one download a digest, bodies that grow while they are read, and the rule for tags. */
@NullMarked
package dev.weir.server.cache;

import org.jspecify.annotations.NullMarked;
