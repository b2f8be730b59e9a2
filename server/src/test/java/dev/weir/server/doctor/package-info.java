/** Each check under the conditions that it is there for, on real files and sockets. */
@NullMarked
package dev.weir.server.doctor;

import org.jspecify.annotations.NullMarked;
