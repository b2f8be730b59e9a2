/** How much of a link weir may use, and who goes first where that is not enough for all. */
@NullMarked
package dev.weir.server.budget;

import org.jspecify.annotations.NullMarked;
