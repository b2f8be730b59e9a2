/** The words of the protocol: requests, ranges, errors. Pure; one grammar for the server and for the upstream client. */
@NullMarked
package dev.weir.server.oci;

import org.jspecify.annotations.NullMarked;
