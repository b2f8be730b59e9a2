@NullMarked
package dev.weir.server.archive.in;

import org.jspecify.annotations.NullMarked;
