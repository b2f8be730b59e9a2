/** Every name that weir gives a number. */
@NullMarked
package dev.weir.server.metrics;

import org.jspecify.annotations.NullMarked;
