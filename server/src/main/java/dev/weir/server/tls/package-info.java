/** Certificates and keys: read, judged, watched, and made by weir's own CA. Knows nothing of sockets. */
@NullMarked
package dev.weir.server.tls;

import org.jspecify.annotations.NullMarked;
