package dev.weir.server.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;

/**
 * Method, path and query in, {@link OciRequest} out. Pure. Whatever is no request of the API ends here with an answer
 * that says why.
 */
public final class OciRequestParser {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final String method;
  private final Map<String, String> query;

  private OciRequestParser(String method, Map<String, String> query) {
    this.method = method;
    this.query = query;
  }

  /**
   * Parses one request.
   *
   * @param path percent-decoded, beginning with a slash
   * @param query decoded; the first value where a name is repeated
   * @throws RegistryException NAME_INVALID, DIGEST_INVALID, TAG_INVALID, PAGINATION_NUMBER_INVALID, UNSUPPORTED (the
   *     path exists, the method does not) or NAME_UNKNOWN (no such path)
   */
  public static OciRequest parse(String method, String path, Map<String, String> query) throws RegistryException {
    return new OciRequestParser(method, query).parse(path);
  }

  private OciRequest parse(String path) throws RegistryException {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    if (parts.getFirst().equals("v2")) {
      return below(parts.subList(1, parts.size()), Optional.empty(), path);
    }
    if (parts.size() > 1 && parts.get(1).equals("v2")) {
      return below(parts.subList(2, parts.size()), Optional.of(parts.getFirst()), path);
    }
    throw noSuchPath(path);
  }

  private OciRequest below(List<String> parts, Optional<String> host, String path) throws RegistryException {
    if (parts.isEmpty() || parts.equals(List.of(""))) {
      return onlyFor("GET HEAD", new OciRequest.Ping());
    }
    if (parts.equals(List.of("_catalog"))) {
      return onlyFor("GET HEAD", new OciRequest.Catalog(page()));
    }
    if (parts.size() < 3) {
      throw noSuchPath(path);
    }
    String last = parts.getLast();
    String kind = parts.get(parts.size() - 2);
    if (parts.size() > 3 && kind.equals("uploads") && parts.get(parts.size() - 3).equals("blobs")) {
      return upload(address(parts.subList(0, parts.size() - 3), host), last);
    }
    RepositoryAddress repository = address(parts.subList(0, parts.size() - 2), host);
    return switch (kind) {
      case "manifests" -> manifest(repository, last);
      case "blobs" -> blob(repository, last);
      case "referrers" -> onlyFor("GET HEAD",
          new OciRequest.ListReferrers(repository, digest(last), Optional.ofNullable(query.get("artifactType"))));
      case "tags" -> {
        if (!last.equals("list")) {
          throw noSuchPath(path);
        }
        yield onlyFor("GET HEAD", new OciRequest.ListTags(repository, page()));
      }
      default -> throw noSuchPath(path);
    };
  }

  private OciRequest manifest(RepositoryAddress repository, String text) throws RegistryException {
    Reference reference = reference(text);
    return switch (method) {
      case "GET", "HEAD" -> new OciRequest.GetManifest(repository, reference);
      case "PUT" -> new OciRequest.PutManifest(repository, reference);
      case "DELETE" -> new OciRequest.DeleteManifest(repository, reference);
      default -> throw unsupported();
    };
  }

  private OciRequest blob(RepositoryAddress repository, String text) throws RegistryException {
    if (text.equals("uploads")) {
      return upload(repository, "");
    }
    Digest digest = digest(text);
    return switch (method) {
      case "GET" -> new OciRequest.GetBlob(repository, digest);
      case "HEAD" -> new OciRequest.HeadBlob(repository, digest);
      case "DELETE" -> new OciRequest.DeleteBlob(repository, digest);
      default -> throw unsupported();
    };
  }

  private OciRequest upload(RepositoryAddress repository, String session) throws RegistryException {
    if (session.isEmpty()) {
      return onlyFor("POST",
          new OciRequest.StartUpload(repository, queryDigest("digest"), queryDigest("mount"), from()));
    }
    return switch (method) {
      case "GET", "HEAD" -> new OciRequest.UploadStatus(repository, session);
      case "PATCH" -> new OciRequest.PatchUpload(repository, session);
      case "PUT" -> new OciRequest.FinishUpload(repository, session, queryDigest("digest")
          .orElseThrow(() -> new RegistryException(ErrorCode.DIGEST_INVALID, "an upload is finished with ?digest=")));
      case "DELETE" -> new OciRequest.CancelUpload(repository, session);
      default -> throw unsupported();
    };
  }

  private RepositoryAddress address(List<String> components, Optional<String> host) throws RegistryException {
    return new RepositoryAddress(name(String.join("/", components)), host, Optional.ofNullable(query.get("ns")));
  }

  private static RepositoryName name(String text) throws RegistryException {
    try {
      return RepositoryName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  private static Digest digest(String text) throws RegistryException {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.DIGEST_INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  /** Something that is not even a tag names nothing that could be here, so asking for it is answered 404, not 400. */
  private Reference reference(String text) throws RegistryException {
    if (text.indexOf(':') >= 0) {
      return digest(text);
    }
    try {
      return Reference.parse(text);
    } catch (IllegalArgumentException e) {
      ErrorCode code = method.equals("PUT") ? ErrorCode.TAG_INVALID : ErrorCode.MANIFEST_UNKNOWN;
      throw new RegistryException(code, String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Digest> queryDigest(String key) throws RegistryException {
    String text = query.get(key);
    return text == null ? Optional.empty() : Optional.of(digest(text));
  }

  private Optional<RepositoryName> from() throws RegistryException {
    String text = query.get("from");
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(name(text));
  }

  private Page page() throws RegistryException {
    String limit = query.getOrDefault("n", "");
    String after = query.getOrDefault("last", "");
    if (limit.isEmpty()) {
      return new Page(OptionalInt.empty(), after);
    }
    if (!NUMBER.matcher(limit).matches()) {
      throw new RegistryException(ErrorCode.PAGINATION_NUMBER_INVALID, "n is a number from 0 on");
    }
    return new Page(OptionalInt.of((int) Math.min(Long.parseLong(limit), Integer.MAX_VALUE)), after);
  }

  private OciRequest onlyFor(String methods, OciRequest request) throws RegistryException {
    if (!List.of(methods.split(" ")).contains(method)) {
      throw unsupported();
    }
    return request;
  }

  private RegistryException unsupported() {
    return new RegistryException(ErrorCode.UNSUPPORTED, "this address knows no such method");
  }

  private static RegistryException noSuchPath(String path) {
    String shown = path.length() > 100 ? path.substring(0, 100) + "…" : path;
    return new RegistryException(ErrorCode.NAME_UNKNOWN, "no part of the registry API is at '" + shown + "'");
  }
}
