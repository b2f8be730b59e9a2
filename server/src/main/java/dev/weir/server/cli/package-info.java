/** The commands. */
@NullMarked
package dev.weir.server.cli;

import org.jspecify.annotations.NullMarked;
