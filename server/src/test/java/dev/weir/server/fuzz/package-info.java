/** What clients send by mistake or on purpose, made up from a seed. */
@NullMarked
package dev.weir.server.fuzz;

import org.jspecify.annotations.NullMarked;
