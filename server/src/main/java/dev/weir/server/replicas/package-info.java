/** Several weirs on one store, which agree through it on which of them asks upstream for a blob. */
@NullMarked
package dev.weir.server.replicas;

import org.jspecify.annotations.NullMarked;
