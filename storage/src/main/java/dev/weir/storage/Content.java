package dev.weir.storage;

/** Everything that a store holds for a registry. There is one over a store: its parts keep writers of one thing apart. */
public record Content(BlobStore blobs, ManifestStore manifests, TagStore tags, Repositories repositories,
    IncompleteImages incomplete, Changes changes) {
  public static Content of(ObjectStore store) {
    BlobStore blobs = new BlobStore(store);
    Changes changes = new Changes();
    return new Content(blobs, new ManifestStore(store, blobs, changes), new TagStore(store, changes),
        new Repositories(store), new IncompleteImages(store), changes);
  }
}
