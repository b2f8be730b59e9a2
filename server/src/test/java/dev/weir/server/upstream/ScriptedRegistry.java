package dev.weir.server.upstream;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

import dev.weir.auth.Credentials;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;

/**
 * A registry on real sockets that behaves as it is told, and remembers every request and every byte that it delivered.
 *
 * <p>{@link #plain()} is a bare registry:2; {@link #quay()} and {@link #redhat()} behave as those do, each with a content
 * delivery server of its own on another port.
 */
public final class ScriptedRegistry implements AutoCloseable {
  private enum Personality {
    PLAIN, QUAY, REDHAT
  }

  private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs|tags)/([^/]+)");
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

  private final Personality personality;
  private final FaultScript script = new FaultScript();
  private final MockContent content = new MockContent();
  private final MockTokens tokens;
  private final MockServer server;
  private final MockServer cdn;
  /** Counts up with each address given out; the CDN honours only {@link #validFrom} and later ones. */
  private final AtomicInteger signature = new AtomicInteger();
  private volatile int validFrom;
  private volatile boolean ignoresRanges;
  private volatile int pageSize = Integer.MAX_VALUE;

  private ScriptedRegistry(Personality personality, String tokenAnswer, @Nullable SSLContext tls) {
    this.personality = personality;
    tokens = new MockTokens(tokenAnswer);
    cdn = tls == null ? MockServer.http(script, this::deliver) : MockServer.https(tls, script, this::deliver);
    server = tls == null ? MockServer.http(script, this::answer) : MockServer.https(tls, script, this::answer);
  }

  /** Asks for nothing, states every digest, sends blobs itself. */
  public static ScriptedRegistry plain() {
    return new ScriptedRegistry(Personality.PLAIN, "", null);
  }

  public static ScriptedRegistry plain(SSLContext tls) {
    return new ScriptedRegistry(Personality.PLAIN, "", tls);
  }

  /** Tokens are JWTs without expires_in; blobs lie at a CDN whose addresses expire; tags are converted by Accept. */
  public static ScriptedRegistry quay() {
    return new ScriptedRegistry(Personality.QUAY, "{\"token\":\"JWT\"}", null);
  }

  /** No digest header, text/plain, compressed if that is asked for, tokens for five minutes. */
  public static ScriptedRegistry redhat() {
    return new ScriptedRegistry(Personality.REDHAT, "{\"token\":\"TOKEN\",\"expires_in\":300}", null);
  }

  public URI uri() {
    return server.uri();
  }

  /** As it appears in addresses. */
  public String host() {
    return "127.0.0.1:" + server.port();
  }

  public MockServer server() {
    return server;
  }

  public MockServer cdn() {
    return cdn;
  }

  public Digest addBlob(String repository, byte[] bytes) {
    return content.addBlob(repository, bytes);
  }

  public Digest addManifest(String repository, String mediaType, String json) {
    return content.addManifest(repository, mediaType, json.getBytes(StandardCharsets.UTF_8));
  }

  /** An OCI image of these layers (config first), all of them added, tagged. Returns the manifest's digest. */
  public Digest addImage(String repository, String tag, byte[]... blobs) {
    String layers = List.of(blobs).stream().skip(1).map(it -> descriptor(repository, "layer.v1.tar+gzip", it))
        .collect(Collectors.joining(","));
    Digest digest = addManifest(repository, MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
            + descriptor(repository, "config.v1+json", blobs[0]) + ",\"layers\":[" + layers + "]}");
    tag(repository, tag, digest);
    return digest;
  }

  public void tag(String repository, String tag, Digest digest) {
    content.tag(repository, tag, digest);
  }

  public void untag(String repository, String tag) {
    content.untag(repository, tag);
  }

  /** From now on a token is given only for these, and for nothing to nobody else. */
  public void needCredentials(String user, String password) {
    tokens.need(new Credentials(user, password));
  }

  /** See {@link MockTokens}; for token answers of other shapes. */
  public void answerTokens(String template) {
    tokens.answer(template);
  }

  public void revokeTokens() {
    tokens.revokeAll();
  }

  /** CDN addresses that were given out so far answer 403. */
  public void expireSignatures() {
    validFrom = signature.get() + 1;
  }

  public void pageTagsBy(int size) {
    pageSize = size;
  }

  /** Goes wrong with the next request, to either server, whose target contains {@code part}. */
  public void next(String part, Fault fault) {
    script.add(part, fault);
  }

  public void pauseBodiesAfter(long bytes) {
    server.pauseBodiesAfter(bytes);
    cdn.pauseBodiesAfter(bytes);
  }

  /** Sends each body no faster than this. */
  public void paceBodies(long bytesPerSecond) {
    server.paceBodies(bytesPerSecond);
    cdn.paceBodies(bytesPerSecond);
  }

  /** Says that it takes ranges, and answers each with everything. */
  public void ignoreRanges() {
    ignoresRanges = true;
  }

  public void resumeBodies() {
    server.resumeBodies();
    cdn.resumeBodies();
  }

  /** The requests to the registry itself, as {@code GET /v2/… [range]}. */
  public List<String> log() {
    return server.log();
  }

  /** Every range of content that left either server, in no order. */
  public List<Delivery> deliveries() {
    return List.of(server.deliveries(), cdn.deliveries()).stream().flatMap(List::stream).toList();
  }

  /** How many bodies, of either server, are on their way now. */
  public int sending() {
    return server.sending() + cdn.sending();
  }

  public void forget() {
    server.forget();
    cdn.forget();
  }

  /** Out of reach from now on. */
  @Override
  public void close() {
    server.close();
    cdn.close();
  }

  private String descriptor(String repository, String type, byte[] blob) {
    return "{\"mediaType\":\"application/vnd.oci.image." + type + "\",\"digest\":\"" + addBlob(repository, blob)
        + "\",\"size\":" + blob.length + "}";
  }

  private MockAnswer answer(MockRequest request) {
    if (request.path().equals("/v2/auth")) {
      return tokens.issue(request);
    }
    Matcher path = PATH.matcher(request.path());
    boolean matches = path.matches();
    if (personality != Personality.PLAIN && !tokens.accepts(request)) {
      return challenge(matches ? path.group(1) : "");
    }
    if (!matches) {
      return request.path().equals("/v2/") ? MockAnswer.json(200, "{}") : notFound("UNSUPPORTED");
    }
    return switch (path.group(2)) {
      case "manifests" -> manifest(request, path.group(1), path.group(3));
      case "blobs" -> blob(request, path.group(1), path.group(3));
      default -> tagList(request, path.group(1));
    };
  }

  private MockAnswer challenge(String repository) {
    String scope = repository.isEmpty() ? "" : ",scope=\"repository:" + repository + ":pull\"";
    return MockAnswer.json(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"access denied\"}]}")
        .with("WWW-Authenticate", "Bearer realm=\"" + uri() + "/v2/auth\",service=\"mock\"" + scope);
  }

  private MockAnswer manifest(MockRequest request, String repository, String reference) {
    Optional<Manifest> found = content.manifest(repository, reference);
    if (found.isEmpty()) {
      return notFound("MANIFEST_UNKNOWN");
    }
    Manifest manifest = found.get();
    boolean isTag = reference.indexOf(':') < 0;
    if (personality == Personality.QUAY && isTag && !request.headers("Accept").contains(manifest.mediaType())) {
      return MockAnswer.text(200, MediaTypes.DOCKER_SCHEMA1_SIGNED, "{\"schemaVersion\":1,\"fsLayers\":[]}");
    }
    if (personality == Personality.REDHAT) {
      return MockCompression.asAsked(request,
          MockAnswer.of(200, manifest.content()).with("Content-Type", "text/plain"));
    }
    return MockAnswer.of(200, manifest.content()).with("Content-Type", manifest.mediaType())
        .with("Docker-Content-Digest", manifest.digest().toString());
  }

  private MockAnswer blob(MockRequest request, String repository, String digest) {
    Optional<byte[]> found = content.blob(repository, digest);
    if (found.isEmpty()) {
      return notFound("BLOB_UNKNOWN");
    }
    if (personality == Personality.PLAIN || request.method().equals("HEAD")) {
      return ranged(request, found.get());
    }
    return MockAnswer.redirect(302, cdn.uri() + "/sha256/" + repository + "/" + digest
        + "?X-Amz-Signature=" + signature.incrementAndGet() + "&cf_sign=a%2Fb%2Bc%3D~&region=us-east-1");
  }

  /** The CDN's part. */
  private MockAnswer deliver(MockRequest request) {
    if (request.header("Authorization").isPresent()) {
      return MockAnswer.text(400, "application/xml", "<Error><Code>InvalidArgument</Code></Error>");
    }
    Matcher signed = Pattern.compile("X-Amz-Signature=([0-9]+)&cf_sign=a%2Fb%2Bc%3D~&region=us-east-1")
        .matcher(request.query());
    if (!signed.matches() || Integer.parseInt(signed.group(1)) < validFrom) {
      return MockAnswer.text(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
    }
    int slash = request.path().lastIndexOf('/');
    String repository = request.path().substring("/sha256/".length(), slash);
    return content.blob(repository, request.path().substring(slash + 1)).map(bytes -> ranged(request, bytes))
        .orElse(MockAnswer.html(404));
  }

  private MockAnswer ranged(MockRequest request, byte[] bytes) {
    MockAnswer whole = MockAnswer.of(200, bytes).with("Content-Type", "application/octet-stream")
        .with("Accept-Ranges", "bytes");
    Matcher range = RANGE.matcher(request.header("Range").orElse(""));
    if (ignoresRanges || !range.matches()) {
      return whole;
    }
    int from = Integer.parseInt(range.group(1));
    int to = range.group(2).isEmpty() ? bytes.length : Math.min(bytes.length, Integer.parseInt(range.group(2)) + 1);
    if (from >= to) {
      return MockAnswer.of(416, new byte[0]).with("Content-Range", "bytes */" + bytes.length);
    }
    MockAnswer part = MockAnswer.of(206, new byte[0]).with("Content-Type", "application/octet-stream")
        .with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
    return part.from(from, Arrays.copyOfRange(bytes, from, to));
  }

  private MockAnswer tagList(MockRequest request, String repository) {
    Optional<List<String>> found = content.tags(repository);
    if (found.isEmpty()) {
      return notFound("NAME_UNKNOWN");
    }
    String last = request.query().startsWith("last=") ? request.query().substring(5) : "";
    List<String> rest = found.get().stream().filter(tag -> tag.compareTo(last) > 0).toList();
    List<String> page = rest.subList(0, Math.min(pageSize, rest.size()));
    MockAnswer answer = MockAnswer.json(200, "{\"name\":\"" + repository + "\",\"tags\":["
        + page.stream().map(tag -> "\"" + tag + "\"").collect(Collectors.joining(",")) + "]}");
    String address = (personality == Personality.QUAY ? uri().toString() : "") + request.path();
    return page.size() == rest.size()
        ? answer
        : answer.with("Link", "<" + address + "?last=" + page.getLast() + ">; rel=\"next\"");
  }

  private MockAnswer notFound(String code) {
    return switch (personality) {
      case QUAY -> MockAnswer.html(404);
      case REDHAT -> MockAnswer.json(404, "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"Not Found\"}]}");
      case PLAIN -> MockAnswer.json(404, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"unknown\"}]}");
    };
  }
}
