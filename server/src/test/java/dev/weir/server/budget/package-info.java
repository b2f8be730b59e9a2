@NullMarked
package dev.weir.server.budget;

import org.jspecify.annotations.NullMarked;
