/** Fetches images, lists of them and whole releases before anybody asks, as jobs that outlive links and restarts; keeps what is pinned. */
@NullMarked
package dev.weir.server.precache;

import org.jspecify.annotations.NullMarked;
