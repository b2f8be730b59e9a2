/** What a registry does: held, cached, routed. Blocking; called on virtual threads. */
@NullMarked
package dev.weir.server.registry;

import org.jspecify.annotations.NullMarked;
