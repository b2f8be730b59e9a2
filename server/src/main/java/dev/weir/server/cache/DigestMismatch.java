package dev.weir.server.cache;

import java.io.IOException;

import dev.weir.storage.Digest;

/** What arrived is not what was asked for. Nobody got all of it, and nothing of it is kept. */
public final class DigestMismatch extends IOException {
  DigestMismatch(Digest digest, long bytes) {
    super("pull " + digest + ": digest mismatch after " + bytes + " bytes; nothing of it was kept");
  }
}
