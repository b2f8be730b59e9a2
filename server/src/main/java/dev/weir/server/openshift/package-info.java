/**
 * What OpenShift and the hosts around it are to be told so that they pull through this weir. All of it is text made from
 * values: nothing here reads, writes or asks.
 */
@NullMarked
package dev.weir.server.openshift;

import org.jspecify.annotations.NullMarked;
