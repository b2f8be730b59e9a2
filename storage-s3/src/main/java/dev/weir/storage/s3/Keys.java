package dev.weir.storage.s3;

import dev.weir.storage.ObjectKey;

/** What an object is called in the bucket: distribution's way, below the root directory and without a slash before it. */
final class Keys {
  private final String prefix;

  Keys(String rootDirectory) {
    String bare = rootDirectory.replaceAll("^/+|/+$", "");
    this.prefix = bare.isEmpty() ? "" : bare + "/";
  }

  String of(ObjectKey key) {
    return prefix + key.value();
  }

  /** What everything below {@code key} begins with. */
  String below(ObjectKey key) {
    return of(key) + "/";
  }
}
