package dev.weir.server.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import dev.weir.auth.AccessRules;
import dev.weir.server.cache.Downloads;
import dev.weir.server.cache.FileStore;
import dev.weir.server.cache.Freshness.TagPolicy;
import dev.weir.server.cache.Persistence;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.http.Door;
import dev.weir.server.http.EventLoops;
import dev.weir.server.http.FrontDoor;
import dev.weir.server.http.Gate;
import dev.weir.server.http.HttpLimits;
import dev.weir.server.http.HttpServer;
import dev.weir.server.http.ListSizes;
import dev.weir.server.http.OperatorPages;
import dev.weir.server.http.RegistryApi;
import dev.weir.server.metrics.Metrics;
import dev.weir.server.push.Completion;
import dev.weir.server.push.Mounts;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.push.PushedManifests;
import dev.weir.server.push.Pushing;
import dev.weir.server.push.Seal;
import dev.weir.server.push.Uploads;
import dev.weir.server.registry.CachePolicy;
import dev.weir.server.registry.Patience;
import dev.weir.server.registry.PullThroughRegistry;
import dev.weir.server.registry.Registry;
import dev.weir.server.registry.Router;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.server.wiring.Weir;
import dev.weir.storage.Content;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.s3.S3Door;
import dev.weir.storage.s3.S3Server;

/** A server with all that is behind it, listening on a port of its own. */
public final class Stack implements AutoCloseable {
  private static final String DELETE_ENABLED = "delete: {enabled: true}";

  private final int port;
  private final Runnable closing;
  private final @Nullable ScriptedRegistry upstream;
  /** Of the repositories that have an upstream, or of those that have none, if there is no upstream. */
  private final String prefix;
  private final boolean filledFromUpstream;
  private final AtomicInteger names = new AtomicInteger();

  private Stack(int port, Runnable closing, @Nullable ScriptedRegistry upstream, String prefix,
      boolean filledFromUpstream) {
    this.port = port;
    this.closing = closing;
    this.upstream = upstream;
    this.prefix = prefix;
    this.filledFromUpstream = filledFromUpstream;
  }

  /** weir over a directory, nobody behind it. */
  static Stack overDirectory(Path directory) throws IOException {
    return overDirectory(directory, DELETE_ENABLED);
  }

  /** @param storage more keys of the section of that name */
  static Stack overDirectory(Path directory, String storage) throws IOException {
    Weir weir = weir(directory, storage, "");
    return new Stack(weir.port(), weir::close, null, "local/", false);
  }

  /** weir over a bucket of its own, nobody behind it. */
  static Stack overBucket(Path directory, S3Server server) throws IOException {
    Weir weir = weirOver(directory, server.yaml(server.newBucket()), "");
    return new Stack(weir.port(), weir::close, null, "local/", false);
  }

  /** @param door by which weir comes to the server */
  static Stack overBucket(Path directory, S3Server server, S3Door door) throws IOException {
    String there = server.yaml(server.newBucket()).replace(server.address().toString(), door.address().toString());
    Weir weir = weirOver(directory, there, "");
    return new Stack(weir.port(), weir::close, null, "local/", false);
  }

  /** weir over a bucket of its own, filled from an upstream as {@link #withUpstream} is. */
  static Stack overBucketFromUpstream(Path directory, S3Server server) throws IOException {
    ScriptedRegistry upstream = ScriptedRegistry.plain();
    Weir weir = weirOver(directory, server.yaml(server.newBucket()), behind(upstream));
    return new Stack(weir.port(), weir::close, upstream, "mirror/", true);
  }

  /**
   * weir over a directory, with an upstream for {@code mirror/**}, {@code hub/**} and nothing else.
   *
   * @param filled what {@link #provide} puts there is put into the upstream, not pushed
   */
  static Stack withUpstream(Path directory, boolean filled) throws IOException {
    ScriptedRegistry upstream = ScriptedRegistry.plain();
    Weir weir = weir(directory, DELETE_ENABLED, behind(upstream));
    return new Stack(weir.port(), weir::close, upstream, "mirror/", filled);
  }

  private static String behind(ScriptedRegistry upstream) {
    return """
        upstreams: {hub: {remoteurl: "%s"}}
        aliases: {"mirror/": [hub/all/]}
        """.formatted(upstream.uri());
  }

  private static Weir weir(Path directory, String storage, String more) throws IOException {
    return start(directory, "filesystem: {rootdirectory: \"" + directory.resolve("root") + "\"}, " + storage, more);
  }

  private static Weir weirOver(Path directory, String bucket, String more) throws IOException {
    return start(directory, bucket + ", " + DELETE_ENABLED,
        more + "cache: {scratch: {path: '" + directory.resolve("scratch") + "'}}\n");
  }

  private static Weir start(Path directory, String storage, String more) throws IOException {
    Path config = directory.resolve("weir.yml");
    Files.writeString(config, """
        version: 0.1
        http: {addr: "127.0.0.1:0"}
        log: {accesslog: {disabled: true}}
        storage: {%s}
        """.formatted(storage) + more);
    try {
      return Weir.start(ConfigLoader.load(config, Map.of()).config(), Map.of());
    } catch (ConfigException e) {
      throw new IOException(e);
    }
  }

  /** The same parts over a store that knows its names from memory alone. */
  static Stack inMemory(Path directory) throws IOException {
    return over(new FileStore(directory.resolve("objects")), directory);
  }

  /** @param directory for what is on its way */
  public static Stack over(ObjectStore store, Path directory) throws IOException {
    Content content = Content.of(store);
    Router router = new Router(Map.of(), Map.of(), Optional.empty(), name -> false);
    Metrics metrics = new Metrics(new SimpleMeterRegistry());
    PullThroughRegistry.Events events = new PullThroughRegistry.Events(metrics.cache("manifest"),
        metrics.cache("blob"));
    Downloads downloads = new Downloads(content.blobs(), directory.resolve("partial"),
        metrics.downloads(events.blobs()), Persistence.DEFAULT, () -> 0);
    CachePolicy policy = new CachePolicy(new TagPolicy(Duration.ZERO, false), Patience.DEFAULT);
    Registry registry = new PullThroughRegistry(router, content, downloads, policy, events, InstantSource.system());
    Uploads uploads = new Uploads(directory.resolve("uploads"), content.blobs(),
        new Seal("secret".getBytes(StandardCharsets.UTF_8)), InstantSource.system());
    PushPolicy open = new PushPolicy(false, false, true, Set.of(), () -> AccessRules.OPEN);
    Pushing pushing = new Pushing(open, uploads, new Mounts(content.blobs()),
        new PushedManifests(content, registry, new Completion(content, registry, () -> true)));
    Gate gate = new Gate(Door.open(), () -> AccessRules.OPEN, router, open);
    EventLoops loops = EventLoops.start();
    HttpServer server = HttpServer.start(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new FrontDoor(new RegistryApi(gate, registry, pushing, router, new ListSizes(10_000, 0), "weir-test"),
            new OperatorPages(gate, () -> ""),
            Optional::empty, Map.of()),
        HttpLimits.DEFAULT.withDrainTimeout(Duration.ofMillis(200)), answer -> {});
    return new Stack(server.port(), () -> {
      server.close();
      loops.close();
    }, null, "local/", false);
  }

  public int port() {
    return port;
  }

  Client client() {
    return new Client(port);
  }

  /** A repository that nobody has used. */
  String fresh() {
    return prefix + "repo-" + names.incrementAndGet() + "/app";
  }

  ScriptedRegistry upstream() {
    ScriptedRegistry present = upstream;
    if (present == null) {
      throw new IllegalStateException("this stack has no upstream");
    }
    return present;
  }

  /** What the upstream calls a repository of ours. */
  static String pathUpstream(String repository) {
    return repository.replaceFirst("^mirror/", "all/");
  }

  /** Makes the image available under the tag, as content gets into this stack. */
  void provide(String repository, String tag, Image image) {
    if (!filledFromUpstream) {
      client().push(repository, tag, image);
      return;
    }
    String path = pathUpstream(repository);
    image.blobs().forEach(blob -> upstream().addBlob(path, blob.bytes()));
    upstream().tag(path, tag,
        upstream().addManifest(path, image.type(), new String(image.content(), StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    closing.run();
    if (upstream != null) {
      upstream.close();
    }
  }
}
