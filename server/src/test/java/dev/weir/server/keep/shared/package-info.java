@NullMarked
package dev.weir.server.keep.shared;

import org.jspecify.annotations.NullMarked;
