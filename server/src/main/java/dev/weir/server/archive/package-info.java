/** What archives of images look like, for whoever reads or writes them, and how a registry is spoken to by either. */
@NullMarked
package dev.weir.server.archive;

import org.jspecify.annotations.NullMarked;
