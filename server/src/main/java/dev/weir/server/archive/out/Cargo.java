package dev.weir.server.archive.out;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * All that is to be written, in an order that depends on nothing but itself. It holds names and sizes, and no content.
 *
 * @param images as they were asked for, each once
 * @param referrers what says of itself that it belongs to one of these
 * @param pieces every blob and every manifest once, by its digest
 * @param missing what was asked for and is not here
 */
public record Cargo(List<Image> images, List<Image> referrers, SortedMap<RepositoryName, Repository> repositories,
    SortedMap<String, Piece> pieces, List<ReleaseSignature> signatures, List<Missing> missing) {

  public Cargo {
    images = List.copyOf(images);
    referrers = List.copyOf(referrers);
    signatures = List.copyOf(signatures);
    missing = List.copyOf(missing);
  }

  /** One that was asked for. */
  public record Image(RepositoryName name, Digest digest) {
    @Override
    public String toString() {
      return name + "@" + digest;
    }
  }

  /**
   * What is written under one name.
   *
   * @param manifests by digest
   * @param layers the blobs that these name
   */
  record Repository(SortedMap<String, Kind> manifests, SortedSet<String> layers, SortedMap<Tag, Digest> tags) {
    Repository() {
      this(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());
    }
  }

  /**
   * Of a manifest.
   *
   * @param isReadByAll whether registry:2 can parse it
   */
  record Kind(String mediaType, boolean isReadByAll) {}

  /**
   * Some bytes.
   *
   * @param within a repository that they can be read from
   * @param image that they were first needed for
   */
  record Piece(RepositoryName within, Digest digest, long size, boolean isManifest, String image) {}

  /** An OpenPGP message about a release. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record ReleaseSignature(Digest release, int number, byte[] message) {}

  /** Of all of it. */
  long bytes() {
    return pieces.values().stream().mapToLong(Piece::size).sum();
  }

  /** Of a manifest or a blob; empty: it is not among this. */
  Optional<Piece> piece(Digest digest) {
    return Optional.ofNullable(pieces.get(digest.toString()));
  }

  /** The tags that lead to a manifest. */
  public SortedSet<Tag> tags(RepositoryName name, Digest digest) {
    SortedSet<Tag> found = new TreeSet<>();
    Repository repository = repositories.get(name);
    if (repository != null) {
      repository.tags().forEach((tag, to) -> {
        if (to.equals(digest)) {
          found.add(tag);
        }
      });
    }
    return found;
  }

  /** Whether a piece stays home: manifests are small, and whoever imports names by them needs them at hand. */
  static boolean staysHome(Piece piece, Set<String> without) {
    return !piece.isManifest() && without.contains(piece.digest().toString());
  }

  /** The manifests first, then by digest. */
  List<Piece> inOrder(Set<String> without) {
    Collection<Piece> all = pieces.values();
    List<Piece> found = new ArrayList<>(all.stream().filter(Piece::isManifest).toList());
    all.stream().filter(piece -> !piece.isManifest() && !staysHome(piece, without)).forEach(found::add);
    return found;
  }
}
