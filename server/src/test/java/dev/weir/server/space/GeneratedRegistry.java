package dev.weir.server.space;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.weir.server.upstream.MockAnswer;
import dev.weir.server.upstream.MockRequest;
import dev.weir.server.upstream.MockServer;
import dev.weir.storage.Digest;
import dev.weir.storage.MediaTypes;

/** An upstream with any number of images, none of which it keeps: each is made anew when it is asked for. */
final class GeneratedRegistry implements AutoCloseable {
  static final String REPOSITORY = "team/app";
  private static final int CONFIG_BYTES = 500;

  private final MockServer server = MockServer.http(this::answer);
  private final int layers;
  private final int layerBytes;
  /** What makes each blob that somebody heard of. */
  private final Map<Digest, Seed> seeds = new ConcurrentHashMap<>();
  private final Map<Digest, Integer> layerGets = new ConcurrentHashMap<>();
  private final Map<Integer, Generated> images = new ConcurrentHashMap<>();
  private final AtomicInteger fetched = new AtomicInteger();

  private record Seed(long number, int bytes) {
    byte[] content() {
      byte[] content = new byte[bytes];
      new SplittableRandom(number).nextBytes(content);
      return content;
    }
  }

  /** An image: its config and its layers, by digest. */
  record Generated(Digest digest, String manifest, List<Digest> blobs, long bytes) {}

  /** @param layerBytes of each layer of an image, half as much again for every third image */
  GeneratedRegistry(int layers, int layerBytes) {
    this.layers = layers;
    this.layerBytes = layerBytes;
  }

  URI uri() {
    return server.uri();
  }

  /** How many layers were asked for. */
  int layersFetched() {
    return fetched.get();
  }

  Generated image(int number) {
    return images.computeIfAbsent(number, this::generate);
  }

  private Generated generate(int number) {
    int each = number % 3 == 0 ? layerBytes + layerBytes / 2 : layerBytes;
    Digest config = blob(new Seed(number * 100L, CONFIG_BYTES));
    List<Digest> blobs = IntStream.range(0, layers)
        .mapToObj(layer -> blob(new Seed(number * 100L + 1 + layer, each))).toList();
    blobs.forEach(layer -> layerGets.putIfAbsent(layer, 0));
    String json = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"config\":"
        + descriptor(config, CONFIG_BYTES) + ",\"layers\":["
        + blobs.stream().map(layer -> descriptor(layer, each)).collect(Collectors.joining(",")) + "]}";
    return new Generated(Digest.sha256(json.getBytes(StandardCharsets.UTF_8)), json,
        Stream.concat(Stream.of(config), blobs.stream()).toList(),
        (long) each * layers + CONFIG_BYTES);
  }

  byte[] content(Digest digest) {
    return Objects.requireNonNull(seeds.get(digest), "nobody made it").content();
  }

  private Digest blob(Seed seed) {
    Digest digest = Digest.sha256(seed.content());
    seeds.put(digest, seed);
    return digest;
  }

  private static String descriptor(Digest digest, int bytes) {
    return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"" + digest + "\",\"size\":"
        + bytes + "}";
  }

  private MockAnswer answer(MockRequest request) {
    String last = request.path().substring(request.path().lastIndexOf('/') + 1);
    if (request.path().contains("/manifests/v")) {
      Generated image = image(Integer.parseInt(last.substring(1)));
      return MockAnswer.text(200, MediaTypes.OCI_MANIFEST, image.manifest())
          .with("Docker-Content-Digest", image.digest().toString());
    }
    if (!request.path().contains("/blobs/")) {
      return MockAnswer.json(200, "{}");
    }
    Digest digest = Digest.parse(last);
    if (request.method().equals("GET") && layerGets.containsKey(digest)) {
      fetched.incrementAndGet();
    }
    return MockAnswer.of(200, content(digest));
  }

  @Override
  public void close() {
    server.close();
  }
}
