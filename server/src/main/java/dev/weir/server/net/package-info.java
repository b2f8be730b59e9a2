/** Addresses of the internet, as configuration and the door read them. */
@NullMarked
package dev.weir.server.net;

import org.jspecify.annotations.NullMarked;
