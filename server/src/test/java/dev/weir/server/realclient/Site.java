package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A docker-registry that holds images, and a weir that has it as its only upstream, under every {@link Route}. */
record Site(DockerRegistryProcess upstream, WeirProcess weir, List<TestImage> images,
    ClientHome home) implements AutoCloseable {
  /** The upstream's name in weir's configuration. */
  static final String UPSTREAM = "hub";

  /** Makes {@link TestImages#three}, fills an upstream with them and starts a weir that has seen nothing yet. */
  static Site open(Path directory) throws IOException {
    return open(directory, TestImages.three(directory));
  }

  static Site open(Path directory, List<TestImage> images) throws IOException {
    var upstream = DockerRegistryProcess.start(directory, directory.resolve("upstream"));
    new RegistryFiller(upstream.uri()).push(images);
    var weir = WeirProcess.start(directory, weirRoot(directory), sections(upstream));
    return new Site(upstream, weir, images, ClientHome.in(directory.resolve("home")));
  }

  static Path weirRoot(Path directory) {
    return directory.resolve("weir");
  }

  /** Every tag is asked for again, so that what is served while upstream is gone is served because it is gone. */
  private static String sections(DockerRegistryProcess upstream) {
    return """
        upstreams: {%1$s: {remoteurl: "%2$s"}}
        aliases:
          release/all: [hub/team/app, hub/team/big, hub/team/legacy]
          "mirror/": [hub/team/]
        proxy: {remoteurl: "%2$s"}
        cache: {tagttl: 0s}
        """.formatted(UPSTREAM, upstream.uri());
  }

  /** As podman and skopeo want it: {@code HOST:PORT/repository:tag}. */
  String byTag(Route route, TestImage image) {
    return repository(route, image) + ":" + image.tag();
  }

  String byDigest(Route route, TestImage image) {
    return repository(route, image) + "@" + image.digest();
  }

  String repository(Route route, TestImage image) {
    return weir.hostAndPort() + "/" + route.repository(image);
  }

  @Override
  public void close() {
    weir.close();
    upstream.close();
  }
}
