/** Fetching before anybody asks, tested; {@link dev.weir.server.precache.Commands} runs commands as a person does. */
@NullMarked
package dev.weir.server.precache;

import org.jspecify.annotations.NullMarked;
