/** Whole weirs in this process, between clients and an upstream that does as a test tells it. */
@NullMarked
package dev.weir.server.pullthrough;

import org.jspecify.annotations.NullMarked;
