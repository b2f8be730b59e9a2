package dev.weir.storage.s3;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import software.amazon.awssdk.services.s3.S3Client;

/** Ceph's gateway in processes of its own: a real, strict, somewhat older S3, where the user may do only what is permitted. */
public final class Radosgw extends S3Server {
  /** What it is started with. */
  public static final List<String> PROGRAMS = List.of("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph");

  private static final int ATTEMPTS = 5;
  private final Path home;

  private Radosgw(Path home, int port) {
    super(URI.create("http://127.0.0.1:" + port), keys("owner"), keys("weir"));
    this.home = home;
  }

  private static S3Settings.Keys keys(String name) {
    return new S3Settings.Keys(name, name + "-secret", Optional.empty());
  }

  /** The programs that are absent. */
  public static List<String> missing() {
    return PROGRAMS.stream().filter(program -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .noneMatch(directory -> Files.isExecutable(Path.of(directory, program)))).toList();
  }

  /** One in {@code home}, which is not there yet. Its path may not be long: sockets lie in it. */
  public static Radosgw start(Path home) {
    String trouble = "";
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = port();
      trouble = script("start", home.toString(), Integer.toString(port));
      if (trouble.isEmpty()) {
        return new Radosgw(home, port);
      }
    }
    throw new IllegalStateException("radosgw does not start: " + trouble);
  }

  /** Empty: it worked; else what the script said. */
  private static String script(String... arguments) {
    try {
      Path said = Files.createTempFile("radosgw", ".out");
      Process process = new ProcessBuilder(
          Stream.concat(Stream.of(script().toString()), Stream.of(arguments)).toList()).redirectErrorStream(true)
          .redirectOutput(said.toFile()).start();
      int status = process.waitFor();
      String text = Files.readString(said, StandardCharsets.UTF_8);
      Files.delete(said);
      return status == 0 ? "" : "status " + status + ": " + text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("stopped while starting radosgw", e);
    }
  }

  /** Tests run in the directory of their module. */
  private static Path script() {
    return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent())
        .resolve("storage-s3/src/test/radosgw.sh");
  }

  /** With two more behind it that are free now. */
  private static int port() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void permit(S3Client asOwner, String bucket) {
    asOwner.putBucketPolicy(request -> request.bucket(bucket).policy(policy(bucket)));
  }

  /** As people grant it; see {@link S3ObjectStore}. */
  private static String policy(String bucket) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/weir"]},
           "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListMultipartUploadParts",
             "s3:AbortMultipartUpload"],
           "Resource": ["arn:aws:s3:::%1$s/*"]},
          {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/weir"]},
           "Action": ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
           "Resource": ["arn:aws:s3:::%1$s"]}]}
        """.formatted(bucket);
  }

  @Override
  public void close() {
    super.close();
    String trouble = script("stop", home.toString());
    if (!trouble.isEmpty()) {
      throw new IllegalStateException("radosgw does not stop: " + trouble);
    }
  }
}
