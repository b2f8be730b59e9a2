package dev.weir.server.oci;

import java.util.Optional;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

/**
 * What a client of the OCI distribution API may ask, parsed once at the edge ({@link OciRequestParser}); no handler looks
 * at a URL. The numbers are the spec's endpoint identifiers.
 */
public sealed interface OciRequest {
  /** What acts on one repository. */
  sealed interface InRepository extends OciRequest {
    RepositoryAddress repository();
  }

  /** end-1 {@code GET /v2/} 200, 401. */
  record Ping() implements OciRequest {}

  /** {@code GET /v2/_catalog} 200 (distribution). */
  record Catalog(Page page) implements OciRequest {}

  /** end-3 {@code GET|HEAD /v2/<name>/manifests/<reference>} 200, 404. */
  record GetManifest(RepositoryAddress repository, Reference reference) implements InRepository {}

  /** end-7 {@code PUT /v2/<name>/manifests/<reference>} 201, 400, 404, 413. */
  record PutManifest(RepositoryAddress repository, Reference reference) implements InRepository {}

  /** end-9 {@code DELETE /v2/<name>/manifests/<reference>} 202, 404, 405. */
  record DeleteManifest(RepositoryAddress repository, Reference reference) implements InRepository {}

  /** end-2 {@code GET /v2/<name>/blobs/<digest>} 200, 206, 404, 416. */
  record GetBlob(RepositoryAddress repository, Digest digest) implements InRepository {}

  /** end-2 {@code HEAD /v2/<name>/blobs/<digest>} 200, 404. */
  record HeadBlob(RepositoryAddress repository, Digest digest) implements InRepository {}

  /** end-10 {@code DELETE /v2/<name>/blobs/<digest>} 202, 404, 405. */
  record DeleteBlob(RepositoryAddress repository, Digest digest) implements InRepository {}

  /**
   * end-4a, end-4b, end-11 {@code POST /v2/<name>/blobs/uploads/} 201, 202.
   *
   * @param digest of the whole body, for an upload in one request
   * @param mount a blob to take over instead, from {@code from} or from anywhere
   */
  record StartUpload(RepositoryAddress repository, Optional<Digest> digest, Optional<Digest> mount,
      Optional<RepositoryName> from) implements InRepository {}

  /** end-13 {@code GET <location>} 204, 404. */
  record UploadStatus(RepositoryAddress repository, String session) implements InRepository {}

  /** end-5 {@code PATCH <location>} 202, 404, 416. */
  record PatchUpload(RepositoryAddress repository, String session) implements InRepository {}

  /** end-6 {@code PUT <location>?digest=<digest>} 201, 400, 404. */
  record FinishUpload(RepositoryAddress repository, String session, Digest digest) implements InRepository {}

  /** {@code DELETE <location>} 204, 404. */
  record CancelUpload(RepositoryAddress repository, String session) implements InRepository {}

  /** end-8a, end-8b {@code GET /v2/<name>/tags/list} 200, 404. */
  record ListTags(RepositoryAddress repository, Page page) implements InRepository {}

  /** end-12a, end-12b {@code GET /v2/<name>/referrers/<digest>} 200. */
  record ListReferrers(RepositoryAddress repository, Digest subject, Optional<String> artifactType)
      implements
        InRepository {}
}
