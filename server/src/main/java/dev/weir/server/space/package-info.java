/** What is held, how much room it takes, and what goes when there is too little. */
@NullMarked
package dev.weir.server.space;

import org.jspecify.annotations.NullMarked;
