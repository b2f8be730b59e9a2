/** Other registries, as a client sees them. Knows nothing of what weir holds. */
@NullMarked
package dev.weir.server.upstream;

import org.jspecify.annotations.NullMarked;
