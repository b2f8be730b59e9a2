@NullMarked
package dev.weir.server.ui;

import org.jspecify.annotations.NullMarked;
