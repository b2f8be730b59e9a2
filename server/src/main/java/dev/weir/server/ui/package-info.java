/** The page at {@code /ui/}: files that a browser shows, and what it fills them with. Reads only; asks no upstream. */
@NullMarked
package dev.weir.server.ui;

import org.jspecify.annotations.NullMarked;
