/** What several weirs on one bucket tell each other, so that one of them takes away what nobody needs (decision 23). */
@NullMarked
package dev.weir.server.keep.shared;

import org.jspecify.annotations.NullMarked;
