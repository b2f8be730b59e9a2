/** Measures servers from outside, as processes: time, and the CPU seconds that the kernel counts for them. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
