/**
 * The OCI distribution-spec v1.1 as a suite of our own, over HTTP against whole servers, one class a stack; and, byte for
 * byte, what the clients of mirror hosts send and what breaks them.
 */
@NullMarked
package dev.weir.server.conformance;

import org.jspecify.annotations.NullMarked;
