package dev.weir.server.archive.out;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.weir.server.archive.DistributionTree;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * A cargo as distribution's tree, as oc-mirror's archives have it too: what is unpacked under a registry's root is served by it. The
 * names first, so that whoever reads it as a stream knows where a blob belongs when it comes by.
 */
final class TreeMembers {
  private static final String SIGNATURES = "working-dir/";

  private final List<Member> members = new ArrayList<>();

  private TreeMembers() {}

  /** @param without digests of what the other side has */
  static List<Member> of(Cargo cargo, Set<String> without) {
    TreeMembers tree = new TreeMembers();
    cargo.repositories().forEach(tree::addRepository);
    SignatureMaps.of(cargo).forEach((file, text) -> tree.text(SIGNATURES + file, text));
    cargo.inOrder(without)
        .forEach(piece -> tree.members.add(new Member.Bytes(DistributionTree.blob(piece.digest()), piece)));
    return List.copyOf(tree.members);
  }

  /** Both folders are there in any case: registry:2 tells by one of them that there is a repository, registry:3 by the other. */
  private void addRepository(RepositoryName name, Cargo.Repository repository) {
    String folder = DistributionTree.ROOT + "repositories/" + name;
    members.add(new Member.Folder(folder + "/_layers"));
    members.add(new Member.Folder(folder + "/_manifests"));
    repository.layers().forEach(layer -> text(DistributionTree.layer(name, Digest.parse(layer)), layer));
    repository.manifests().forEach((digest, kind) -> addRevision(name, Digest.parse(digest), kind));
    repository.tags().forEach((tag, digest) -> addTag(name, tag, digest));
  }

  /** registry:2's garbage collector gives up at a link to what it cannot parse; weir finds such a one by its type. */
  private void addRevision(RepositoryName name, Digest digest, Cargo.Kind kind) {
    if (kind.isReadByAll()) {
      text(DistributionTree.revision(name, digest), digest.toString());
    } else {
      text(DistributionTree.typedRevision(name, digest), kind.mediaType());
    }
  }

  private void addTag(RepositoryName name, Tag tag, Digest digest) {
    text(DistributionTree.tag(name, tag), digest.toString());
    text(DistributionTree.tagIndex(name, tag, digest), digest.toString());
  }

  private void text(String path, String text) {
    members.add(new Member.Text(path, text));
  }
}
