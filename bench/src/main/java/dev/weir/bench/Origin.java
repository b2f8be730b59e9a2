package dev.weir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A fast upstream: nginx with blobs that nobody has pulled yet, which notes what it sent. */
final class Origin {
  private static final String REPOSITORY = "bench/cold";

  private final Server nginx;
  private final List<String> digests;
  private final long blobBytes;

  private Origin(Server nginx, List<String> digests, long blobBytes) {
    this.nginx = nginx;
    this.digests = digests;
    this.blobBytes = blobBytes;
  }

  /** One with blobs, which lie on the disk and in the page cache when it starts. */
  static Origin start(Site site, int blobs, int mebibytes) throws IOException, InterruptedException {
    Path data = site.directory("origin");
    byte[] bytes = Blob.random(mebibytes * Content.MEBIBYTE, mebibytes).bytes();
    List<String> digests = new ArrayList<>();
    for (int i = 0; i < blobs; i++) {
      ByteBuffer.wrap(bytes).putInt(i);
      Blob blob = Blob.of(bytes);
      store(data, blob);
      digests.add(blob.digest());
    }
    return new Origin(site.start(Contender.NGINX, Setup.plain(data).withCount()), digests, bytes.length);
  }

  private static void store(Path data, Blob blob) throws IOException {
    Path file = Files.createDirectories(data.resolve(Tree.blob(blob.digest()))).resolve("data");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(blob.bytes());
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** An nginx that counts, with whatever it holds. */
  static Origin of(Server nginx) {
    return new Origin(nginx, List.of(), 0);
  }

  URI address() {
    return nginx.address("");
  }

  Server server() {
    return nginx;
  }

  long blobBytes() {
    return blobBytes;
  }

  /** @param prefix of the repository's name, where the one who is asked needs one */
  String path(String prefix, int blob) {
    return "/v2/" + prefix + REPOSITORY + "/blobs/" + digests.get(blob);
  }

  /** All requests that it answered so far. */
  long requests() {
    return lines().size();
  }

  /** The bytes of all bodies that it sent so far. */
  long bytes() {
    return lines().stream().mapToLong(Origin::bytesOf).sum();
  }

  /** A line is: status, bytes of the body, address. */
  static long bytesOf(String line) {
    return Long.parseLong(line.split(" ", -1)[1]);
  }

  private List<String> lines() {
    try (Stream<String> lines = Files.lines(nginx.directory().resolve("sent.log"))) {
      return lines.filter(line -> !line.endsWith(" /v2/")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
