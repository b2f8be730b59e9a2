/** What weir is made of: the only place that builds long-lived parts. */
@NullMarked
package dev.weir.server.wiring;

import org.jspecify.annotations.NullMarked;
