@NullMarked
package dev.weir.server.openshift;

import org.jspecify.annotations.NullMarked;
