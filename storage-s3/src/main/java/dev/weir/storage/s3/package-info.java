/** The store on a bucket, with the layout and the keys of configuration of distribution's s3 driver. */
@NullMarked
package dev.weir.storage.s3;

import org.jspecify.annotations.NullMarked;
