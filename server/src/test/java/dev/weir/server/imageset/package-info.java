@NullMarked
package dev.weir.server.imageset;

import org.jspecify.annotations.NullMarked;
