/** {@code weir doctor}: what a person should look at before weir is started, or when it does not do as it should. */
@NullMarked
package dev.weir.server.doctor;

import org.jspecify.annotations.NullMarked;
