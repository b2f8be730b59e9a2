/** The store on a directory of a local file system. */
@NullMarked
package dev.weir.storage.fs;

import org.jspecify.annotations.NullMarked;
