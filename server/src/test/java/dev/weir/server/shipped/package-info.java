/** What lies in {@code conf/} for people to install: each file is held against what will read it. */
@NullMarked
package dev.weir.server.shipped;

import org.jspecify.annotations.NullMarked;
