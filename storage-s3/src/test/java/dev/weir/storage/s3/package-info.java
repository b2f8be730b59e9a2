/** Servers of buckets for tests, here and in other modules; and the tests of this one. */
@NullMarked
package dev.weir.storage.s3;

import org.jspecify.annotations.NullMarked;
