@NullMarked
package dev.weir.server.archive.out;

import org.jspecify.annotations.NullMarked;
