/** What weir does within a request, part by part, by JMH: {@code bench/small}. Says where to look, and proves no target. */
@NullMarked
package dev.weir.bench.small;

import org.jspecify.annotations.NullMarked;
