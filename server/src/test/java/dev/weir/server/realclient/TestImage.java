package dev.weir.server.realclient;

import java.util.List;

import dev.weir.storage.Digest;

/**
 * An image made here, with every byte known.
 *
 * @param repository where it is pushed, below the registry
 * @param children what an index names and the registry holds; empty for a single manifest
 * @param absent what an index names and the registry does not hold
 * @param blobs every configuration and layer, once
 */
record TestImage(String repository, String tag, TestManifest top, List<TestManifest> children,
    List<TestManifest> absent,
    List<TestBlob> blobs) {

  Digest digest() {
    return top.digest();
  }

  @Override
  public String toString() {
    return repository + ":" + tag;
  }
}
