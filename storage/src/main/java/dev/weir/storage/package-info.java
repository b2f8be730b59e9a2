/** The vocabulary of a registry, the layout of its tree, and the contract of whatever holds it. */
@NullMarked
package dev.weir.storage;

import org.jspecify.annotations.NullMarked;
