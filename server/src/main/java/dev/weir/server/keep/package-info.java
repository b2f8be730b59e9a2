/** Keeps what is held intact and complete, and takes away what nobody needs any more, while weir serves. */
@NullMarked
package dev.weir.server.keep;

import org.jspecify.annotations.NullMarked;
