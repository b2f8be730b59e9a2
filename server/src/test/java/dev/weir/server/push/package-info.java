/** Pushing, with stores that fail. */
@NullMarked
package dev.weir.server.push;

import org.jspecify.annotations.NullMarked;
