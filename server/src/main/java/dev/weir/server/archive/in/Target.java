package dev.weir.server.archive.in;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

import dev.weir.server.archive.Connection;
import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * What images are imported into. Thread-safe; every method may block on I/O.
 *
 * <p>A {@link Refused} concerns what was put alone, so that the rest may go in; any other {@link IOException} but a
 * {@link Connection.Unreadable} means that the target cannot be had.
 */
public interface Target extends Closeable {
  /** Why one more signature of a release is not kept. */
  String TOO_MANY = "as many others as can be kept are there already";

  /** What it is, for a person. */
  String shown();

  /** @param length of the whole blob: one that breaks off is not had; below 0: not known */
  boolean hasBlob(RepositoryName name, Digest digest, long length) throws IOException;

  /**
   * Lets a repository give out what another has, or, without {@code from}, whatever the target has. False: it is to be
   * sent.
   *
   * @param length as for {@link #hasBlob}
   */
  boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from, long length) throws IOException;

  /**
   * Stores a blob once its digest is verified.
   *
   * @throws Refused if the digest is another
   * @throws Connection.Unreadable if the content cannot be read
   */
  void putBlob(RepositoryName name, Digest digest, Connection.Body content) throws IOException;

  /** Stores a blob whose digest nobody has told, and tells it. */
  Digest putBlob(RepositoryName name, Connection.Body content) throws IOException;

  /** What a repository gives out. Its length may be unknown before it is opened. */
  Connection.Body blob(RepositoryName name, Digest digest) throws IOException;

  boolean hasManifest(RepositoryName name, Digest digest) throws IOException;

  /** What a tag points to. */
  Optional<Digest> tagged(RepositoryName name, Tag tag) throws IOException;

  /** Stores a manifest, or points a tag at it. Its blobs are there. */
  void putManifest(RepositoryName name, Reference reference, String mediaType, byte[] content) throws IOException;

  /** Takes a blob from a repository that it was only put into to have it at hand. */
  void drop(RepositoryName name, Digest digest) throws IOException;

  /** Keeps a signature of a release, an OpenPGP message. False: it has no place for such. */
  boolean keepSignature(Digest release, byte[] message) throws IOException;

  @Override
  void close() throws IOException;

  /** The target will not have it. */
  final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    public Refused(String reason) {
      super(reason);
    }

    public Refused(String reason, Throwable cause) {
      super(reason, cause);
    }
  }
}
