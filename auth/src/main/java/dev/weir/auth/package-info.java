/** Who somebody is and what they may do. Knows nothing of HTTP servers. */
@NullMarked
package dev.weir.auth;

import org.jspecify.annotations.NullMarked;
