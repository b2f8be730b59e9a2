package dev.weir.server.push;

import java.io.IOException;
import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;
import dev.weir.storage.RepositoryName;

/** Told what clients rely on, and what they have no more use for. Waits at most for a removal. Thread-safe. */
public interface Custody {
  Custody NONE = new Custody() {
    @Override
    public void claim(Digest blob) {}

    @Override
    public void released(RepositoryName name, Digest manifest, Optional<ManifestDocument> document) {}

    @Override
    public void released(RepositoryName name, Digest blob) {}
  };

  /**
   * A client is about to rely on the blob: what it then finds stays for a while, though no manifest names it.
   *
   * @throws IOException if that cannot be promised now
   */
  void claim(Digest blob) throws IOException;

  /** The repository has the manifest no more, which said {@code document}. */
  void released(RepositoryName name, Digest manifest, Optional<ManifestDocument> document);

  /** The repository gives the blob out no more. */
  void released(RepositoryName name, Digest blob);
}
