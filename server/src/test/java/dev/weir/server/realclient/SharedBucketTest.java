package dev.weir.server.realclient;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.storage.s3.Radosgw;
import dev.weir.storage.s3.S3Settings;
import dev.weir.storage.s3.SharedRadosgw;

/** weir and registry:2 read each other's buckets, on a real S3. */
@NeedsPrograms({DockerRegistryProcess.PROGRAM, Podman.PROGRAM, Skopeo.PROGRAM})
@ExtendWith(SharedRadosgw.class)
class SharedBucketTest {
  private static List<TestImage> images(Path directory) throws IOException {
    var forge = new TestImages(directory);
    TestImage app = forge.multiArch("team/app", "1.0");
    return List.of(app, forge.large("team/big", "2.0", 24L << 20), forge.dockerSchema2("team/legacy", "3.0"),
        forge.signatureOf(app));
  }

  private static String storageOf2(Radosgw server, String bucket, S3Settings.Keys who) {
    return """
        {s3: {accesskey: %s, secretkey: %s, region: us-east-1, regionendpoint: "%s", bucket: %s, secure: false},
          redirect: {disable: true}, delete: {enabled: true}}""".formatted(who.accessKey(),
        who.secretKey(), server.address(), bucket);
  }

  private static WeirProcess weir(Path directory, Radosgw server, String bucket) {
    return WeirProcess.startOn(directory, "{" + server.yaml(bucket) + ", delete: {enabled: true}}",
        "upstreams: {}\ncache: {scratch: {path: '" + directory.resolve("scratch") + "'}}\n");
  }

  @Test
  void dockerRegistryServesWhatWasPushedToWeir(@TempDir Path directory, @TempDir Path target, Radosgw server)
      throws IOException {
    String bucket = server.newBucket();
    List<TestImage> images = images(directory);
    try (var weir = weir(directory, server, bucket)) {
      new RegistryFiller(weir.uri()).push(images);
    }

    try (var reader = DockerRegistryProcess.startOn(directory, storageOf2(server, bucket, server.user()))) {
      assertServes(reader.hostAndPort(), images, directory, target);
    }
  }

  @Test
  void weirServesWhatWasPushedToDockerRegistry(@TempDir Path directory, @TempDir Path target, Radosgw server)
      throws IOException {
    String bucket = server.newBucket();
    List<TestImage> images = images(directory);
    // it sends an ACL with each object, for which Amazon wants one right more than weir needs
    try (var writer = DockerRegistryProcess.startOn(directory, storageOf2(server, bucket, server.owner()))) {
      new RegistryFiller(writer.uri()).push(images);
    }

    try (var weir = weir(directory, server, bucket)) {
      assertServes(weir.hostAndPort(), images, directory, target);
      new Podman(ClientHome.in(directory.resolve("podman"))).pull(weir.hostAndPort() + "/" + images.getFirst())
          .orFail();
    }
  }

  private static void assertServes(String server, List<TestImage> images, Path directory, Path target)
      throws IOException {
    var home = ClientHome.in(directory.resolve("home"));
    for (TestImage image : images) {
      assertCopied(home, server + "/" + image, image, target.resolve("tag" + image.tag()));
      assertCopied(home, server + "/" + image.repository() + "@" + image.digest(), image,
          target.resolve("digest" + image.tag()));
    }
  }

  private static void assertCopied(ClientHome home, String name, TestImage image, Path target) {
    new Skopeo(home).copyAll(name, target).orFail();
    new DirImage(target).assertHolds(image);
  }
}
