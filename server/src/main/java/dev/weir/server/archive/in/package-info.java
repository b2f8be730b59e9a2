/** Takes in what other tools left on a disk: readers of their formats, and the places that it goes to. */
@NullMarked
package dev.weir.server.archive.in;

import org.jspecify.annotations.NullMarked;
