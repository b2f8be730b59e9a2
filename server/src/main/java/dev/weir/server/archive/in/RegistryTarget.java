package dev.weir.server.archive.in;

import java.io.IOException;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import com.fasterxml.jackson.databind.JsonNode;

import dev.weir.server.admin.Json;
import dev.weir.server.archive.Connection;
import dev.weir.server.archive.RegistryClient;
import dev.weir.server.archive.Reply;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Any registry, by the OCI distribution API: it verifies every digest itself. */
public final class RegistryTarget implements Target {
  private static final Map<String, String> BINARY = Map.of("Content-Type", "application/octet-stream");
  private static final Map<String, String> ANY_MANIFEST = Map.of("Accept", String.join(", ", MediaTypes.MANIFESTS));
  private static final int MOST_REDIRECTS = 3;
  private static final int LARGEST_ANSWER = 1 << 20;

  private final RegistryClient registry;
  private final boolean isWeir;
  /** Repositories that take nothing from us, and why: asked once, not once a blob. */
  private final ConcurrentMap<RepositoryName, String> closedTo = new ConcurrentHashMap<>();

  /** @param isWeir whether it has weir's own endpoints, and we may use them */
  public RegistryTarget(RegistryClient registry, boolean isWeir) {
    this.registry = registry;
    this.isWeir = isWeir;
  }

  @Override
  public String shown() {
    return registry.shown();
  }

  @Override
  public boolean hasBlob(RepositoryName name, Digest digest, long length) throws IOException {
    if (isWeir) { // its registry would answer for what lies upstream, too
      long bytes = Json.tree(order("/weir/v1/holding/blob", Map.of("name", name.value(), "digest", digest.toString())))
          .path("bytes").asLong(-1);
      return bytes >= 0 && (length < 0 || bytes == length);
    }
    return has("/v2/" + name + "/blobs/" + digest, length);
  }

  private boolean has(String path, long length) throws IOException {
    try (Reply reply = registry.ask("HEAD", path, ANY_MANIFEST)) {
      return switch (reply.status()) {
        case 200 -> length < 0 || reply.header("content-length").orElse("" + length).equals("" + length);
        case 301, 302, 303, 307, 308 -> true; // another host has it, who is not to be told who asks
        case 404 -> false;
        default -> throw failure("ask for " + path, reply);
      };
    }
  }

  @Override
  public boolean mount(RepositoryName name, Digest digest, Optional<RepositoryName> from, long length)
      throws IOException {
    String query = "?mount=" + digest + from.map(each -> "&from=" + each).orElse("");
    String unwanted;
    try (Reply reply = registry.ask("POST", uploads(name) + query, Map.of())) {
      if (reply.status() != 202) {
        require(reply, "mount " + digest + " into " + name);
        return length < 0 || hasBlob(name, digest, length);
      }
      unwanted = location(reply); // an upload that nobody asked for
    }
    registry.ask("DELETE", unwanted, Map.of()).close();
    return false;
  }

  private static String uploads(RepositoryName name) {
    return "/v2/" + name + "/blobs/uploads/";
  }

  @Override
  public void putBlob(RepositoryName name, Digest digest, Connection.Body content) throws IOException {
    finish(begin(name), name, digest, content);
  }

  private String begin(RepositoryName name) throws IOException {
    String closed = closedTo.get(name);
    if (closed != null) {
      throw new Refused(closed);
    }
    try (Reply reply = registry.ask("POST", uploads(name), Map.of())) {
      if (reply.status() == 403 || reply.status() == 405) {
        closed = "nothing may be put into " + name + " at " + shown() + ": " + reply.problem();
        closedTo.put(name, closed);
        throw new Refused(closed);
      }
      require(reply, "begin an upload to " + name);
      return location(reply);
    }
  }

  private void finish(String upload, RepositoryName name, Digest digest, Connection.Body content) throws IOException {
    String path = upload + (upload.contains("?") ? "&" : "?") + "digest=" + digest;
    try (Reply reply = registry.ask("PUT", path, BINARY, content)) {
      require(reply, "send " + digest + " to " + name);
    }
  }

  @Override
  public Digest putBlob(RepositoryName name, Connection.Body content) throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    Connection.Body hashed = new Once(content.length(), () -> new DigestInputStream(content.open(), hash));
    String upload = begin(name);
    try (Reply reply = registry.ask("PATCH", upload, BINARY, hashed)) {
      require(reply, "send a layer to " + name);
      upload = location(reply);
    }
    Digest digest = Digest.of(Digest.Algorithm.SHA256, hash);
    finish(upload, name, digest, new Bytes(new byte[0]));
    return digest;
  }

  @Override
  public Connection.Body blob(RepositoryName name, Digest digest) throws IOException {
    Reply reply = followed("/v2/" + name + "/blobs/" + digest);
    if (reply.status() != 200) {
      try (reply) {
        throw failure("read " + digest + " of " + name, reply);
      }
    }
    return new Once(reply.header("content-length").map(Long::parseLong).orElse(-1L), () -> new ReplyInput(reply));
  }

  private Reply followed(String path) throws IOException {
    Reply reply = registry.ask("GET", path, Map.of());
    for (int i = 0; i < MOST_REDIRECTS && reply.status() / 100 == 3; i++) {
      reply = registry.follow(reply);
    }
    return reply;
  }

  @Override
  public boolean hasManifest(RepositoryName name, Digest digest) throws IOException {
    return isWeir
        ? owned(name, digest).isPresent()
        : has("/v2/" + name + "/manifests/" + digest, -1);
  }

  @Override
  public Optional<Digest> tagged(RepositoryName name, Tag tag) throws IOException {
    if (isWeir) {
      return owned(name, tag);
    }
    try (Reply reply = registry.ask("HEAD", "/v2/" + name + "/manifests/" + tag, ANY_MANIFEST)) {
      if (reply.status() == 404) {
        return Optional.empty();
      }
      require(reply, "ask for " + name + ":" + tag);
      return reply.header("docker-content-digest").flatMap(Digest::parsed);
    }
  }

  /** What came from upstream and may be evicted does not count. */
  private Optional<Digest> owned(RepositoryName name, Reference reference) throws IOException {
    JsonNode holding = Json.tree(order("/weir/v1/holding", Map.of("name", name.value(), "reference",
        reference.toString())));
    return holding.path("owned").asBoolean()
        ? Optional.of(Digest.parse(holding.path("digest").asText()))
        : Optional.empty();
  }

  private byte[] order(String path, Object order) throws IOException {
    try (Reply reply = registry.ask("POST", path, Map.of("Content-Type", "application/json"),
        new Bytes(Json.text(order).getBytes(UTF_8)))) {
      if (!reply.isGood()) {
        Reply.Problem problem = reply.problem();
        throw new IOException("cannot ask " + shown() + " for " + path + ": " + problem + (problem.status() == 404
            ? "; with --to, any registry will do"
            : ""));
      }
      return reply.read(LARGEST_ANSWER);
    }
  }

  @Override
  public void putManifest(RepositoryName name, Reference reference, String mediaType, byte[] content)
      throws IOException {
    try (Reply reply = registry.ask("PUT", "/v2/" + name + "/manifests/" + reference,
        Map.of("Content-Type", mediaType), new Bytes(content))) {
      require(reply, "put " + reference + " into " + name);
    }
  }

  @Override
  public void drop(RepositoryName name, Digest digest) throws IOException {
    try (Reply reply = registry.ask("DELETE", "/v2/" + name + "/blobs/" + digest, Map.of())) {
      if (reply.status() != 404) {
        require(reply, "take " + digest + " from " + name);
      }
    }
  }

  @Override
  public boolean keepSignature(Digest release, byte[] message) throws IOException {
    if (!isWeir) {
      return false;
    }
    byte[] answer = order("/weir/v1/signatures", Map.of("release", release.toString(), "signatures",
        List.of(Base64.getEncoder().encodeToString(message))));
    if (Json.tree(answer).path("signatures").asInt() == 0) {
      throw new Refused(TOO_MANY);
    }
    return true;
  }

  /** Its path and query: a registry behind a balancer may not know what it is called. */
  private static String location(Reply reply) throws IOException {
    String location = reply.header("location").orElseThrow(() -> new IOException("it answered without a Location"));
    try {
      URI uri = URI.create(location);
      return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    } catch (IllegalArgumentException e) {
      throw new IOException("it answered with the Location " + location, e);
    }
  }

  private void require(Reply reply, String what) throws IOException {
    if (!reply.isGood()) {
      throw failure(what, reply);
    }
  }

  private static String bearer(Reply reply) {
    boolean isBearer = reply.status() == 401 && reply.header("www-authenticate").orElse("").startsWith("Bearer");
    return isBearer ? "; it wants a token, and import speaks to registries by a name and a password alone" : "";
  }

  /** What concerns one thing alone can be skipped; that we may not in, that there is no room or trouble, cannot. */
  private IOException failure(String what, Reply reply) {
    Reply.Problem problem = reply.problem();
    boolean isOfThis = problem.status() >= 400 && problem.status() < 500 && problem.status() != 401
        && problem.status() != 429;
    return isOfThis
        ? new Refused("DIGEST_INVALID".equals(problem.code())
            ? "its content is another than its digest says"
            : problem.code().isEmpty() ? problem.toString() : problem.message())
        : new IOException("cannot " + what + " at " + shown() + ": " + problem + bearer(reply));
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
