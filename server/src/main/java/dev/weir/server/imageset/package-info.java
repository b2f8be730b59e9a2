/**
 * oc-mirror's ImageSetConfiguration: what it asks for, as a list of images. Reads graphs and catalogs that it is handed;
 * fetches nothing itself.
 */
@NullMarked
package dev.weir.server.imageset;

import org.jspecify.annotations.NullMarked;
