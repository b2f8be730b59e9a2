/** Content that is kept intact, and content that goes. */
@NullMarked
package dev.weir.server.keep;

import org.jspecify.annotations.NullMarked;
