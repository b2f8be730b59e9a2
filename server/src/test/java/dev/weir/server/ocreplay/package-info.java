/** A release payload made from a seed, and the requests with which oc mirrors one and a node pulls it. */
@NullMarked
package dev.weir.server.ocreplay;

import org.jspecify.annotations.NullMarked;
