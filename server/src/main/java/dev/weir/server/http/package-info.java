/** Sockets in, answers out. The only place that knows Netty. */
@NullMarked
package dev.weir.server.http;

import org.jspecify.annotations.NullMarked;
