/** What people push: uploads, manifests, and what is still missing of them. */
@NullMarked
package dev.weir.server.push;

import org.jspecify.annotations.NullMarked;
