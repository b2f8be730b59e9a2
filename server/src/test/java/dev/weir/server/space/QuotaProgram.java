package dev.weir.server.space;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.weir.server.pullthrough.TestClient;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.space.GeneratedRegistry.Generated;
import dev.weir.storage.Digest;

/** What {@link ProjectQuotaTest} runs where there is a quota: says line by line what it finds. */
final class QuotaProgram {
  private static final int LAYER_BYTES = 1 << 20;
  private static final int IMAGES = 24;

  private QuotaProgram() {}

  /** @param arguments a directory with a quota of its own */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    say("total " + Files.getFileStore(directory).getTotalSpace());
    try (GeneratedRegistry upstream = new GeneratedRegistry(1, LAYER_BYTES);
        TestWeir weir = TestWeir.in(directory.resolve("data")).upstream("origin", upstream.uri()).start()) {
      while (weir.metric("weir_held_known") < 1) {
        Thread.sleep(100); // until what is held is known
      }
      say("bound " + (long) weir.metric("weir_disk_bound_bytes"));
      for (int number = 1; number <= IMAGES; number++) {
        pull(weir.client(), upstream.image(number), number);
      }
      say("pulled " + IMAGES);
      say("evicted " + (long) weir.metric("weir_evicted_images_total"));
      say("passed through " + (long) weir.metric("weir_passed_through_blobs_total"));
      push(weir.client(), upstream);
      fill(directory.resolve("filler"));
      pull(weir.client(), upstream.image(IMAGES + 1), IMAGES + 1);
      say("pulled beyond the quota");
    }
    say("over");
    Runtime.getRuntime().halt(0);
  }

  private static void pull(TestClient client, Generated image, int number) throws IOException {
    require(client.manifest("origin/" + GeneratedRegistry.REPOSITORY, "v" + number).digest(), image.digest());
    for (Digest blob : image.blobs()) {
      require(client.blob("origin/" + GeneratedRegistry.REPOSITORY, blob).digest(), blob);
    }
  }

  /** Owned, so that what is full then stays full. */
  private static void push(TestClient client, GeneratedRegistry upstream) {
    int status = 201;
    int pushed = 0;
    while (status == 201) {
      Generated image = upstream.image(1000 + pushed);
      for (Digest blob : image.blobs()) {
        status = client.push("mine/app", upstream.content(blob)).status();
      }
      if (status == 201) {
        status = client.pushManifest("mine/app", "v" + pushed, image.manifest()).status();
        pushed++;
      }
    }
    say("pushed until " + status);
  }

  private static void fill(Path file) throws IOException {
    byte[] piece = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      say("filled: " + e.getMessage());
    }
  }

  private static void require(Digest got, Digest wanted) throws IOException {
    if (!got.equals(wanted)) {
      throw new IOException("got " + got + " for " + wanted);
    }
  }

  private static void say(String line) {
    System.out.println("QUOTA " + line);
    System.out.flush();
  }
}
