/** OpenShift's release payloads: what a release image says in its files. Reads what it is given, fetches nothing. */
@NullMarked
package dev.weir.server.release;

import org.jspecify.annotations.NullMarked;
