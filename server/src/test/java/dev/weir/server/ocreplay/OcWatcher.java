package dev.weir.server.ocreplay;

import java.io.IOException;

import dev.weir.storage.Digest;

/** Is told what a {@link OcReplay} does, by any of its workers. */
public interface OcWatcher {
  OcWatcher NONE = new OcWatcher() {
  };

  /** Before each request. */
  default void asks(String method, String path) throws IOException {}

  /** Each time the server has made room for more of a blob. */
  default void sends(int bytes) {}

  /** The server has acknowledged a blob: 201. */
  default void stored(Digest blob) {}

  /** The server has acknowledged a manifest: 201. */
  default void stored(SyntheticImage image) {}
}
