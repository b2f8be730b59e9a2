/**
 * Real clients and a real peer: podman, skopeo, buildah and docker-registry, each as its own process on loopback.
 * Nothing here knows weir's classes beyond its vocabulary: weir too is a process, reached by its command line and HTTP.
 */
@NullMarked
package dev.weir.server.realclient;

import org.jspecify.annotations.NullMarked;
