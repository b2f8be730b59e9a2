@NullMarked
package dev.weir.server.release;

import org.jspecify.annotations.NullMarked;
