package dev.weir.server.realclient;

import java.nio.file.Path;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;

/** A layer or a configuration; its bytes are in a file, since a layer may be too large for memory. */
record TestBlob(Descriptor descriptor, Path file) {

  Digest digest() {
    return descriptor.digest();
  }

  /** As a manifest names it. */
  String json() {
    return """
        {"mediaType" : "%s",   "digest" : "%s",   "size" : %d}""".formatted(descriptor.mediaType(), descriptor.digest(),
        descriptor.size());
  }
}
