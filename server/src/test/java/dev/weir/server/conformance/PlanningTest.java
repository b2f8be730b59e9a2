package dev.weir.server.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.http.RawClient;
import dev.weir.storage.Digest;

import static org.assertj.core.api.Assertions.assertThat;

/** What oc does before it mirrors: it asks for every image by digest, one after the other, and nearly none is there. */
class PlanningTest {
  private static final int IMAGES = 200;
  private static final int MOST_ROUNDS = 5;

  @Test
  void askingForWhatIsNotThereAsksNobodyElseAndCostsNothing(@TempDir Path directory) throws Exception {
    try (Stack stack = Stack.withUpstream(directory, true)) {
      stack.client().push("ocp4/openshift4", "v1", Image.oci("already-there"));
      plan(stack, 500);
      double best = Double.MAX_VALUE;
      for (int round = 0; round < MOST_ROUNDS && best >= 5; round++) {
        List<Long> nanos = plan(stack, IMAGES);
        Collections.sort(nanos);
        double p50 = nanos.get(IMAGES / 2) / 1e6;
        double p99 = nanos.get(IMAGES * 99 / 100) / 1e6;
        System.out.printf("planning: %d x GET of a missing digest: p50 %.2f ms, p99 %.2f ms%n", IMAGES, p50, p99);
        best = Math.min(best, p50);
      }
      assertThat(best).as("median in ms; the tail is the machine's, which tests share").isLessThan(5);
      assertThat(stack.upstream().log()).isEmpty();
    }
  }

  /** How long each took, in nanoseconds. */
  private static List<Long> plan(Stack stack, int images) throws Exception {
    List<Long> nanos = new ArrayList<>();
    try (RawClient connection = new RawClient(stack.client().port())) {
      for (int i = 0; i < images; i++) {
        String path = "/v2/ocp4/openshift4/manifests/" + Digest.sha256(Image.random(i, 8));
        long start = System.nanoTime();
        assertThat(connection.get(path).status()).isEqualTo(404);
        nanos.add(System.nanoTime() - start);
      }
    }
    return nanos;
  }

  @Test
  void whereThereIsAnUpstreamItIsStillAskedForWhatIsNotThere(@TempDir Path directory) throws Exception {
    try (Stack stack = Stack.withUpstream(directory, false)) {
      String repository = stack.fresh();
      stack.client().push(repository, "v1", Image.oci("pushed"));
      stack.upstream().forget();
      Digest missing = Digest.sha256(Image.random(1, 1));
      assertThat(stack.client().get("/v2/" + repository + "/manifests/" + missing).status()).isEqualTo(404);
      assertThat(stack.upstream().log())
          .containsExactly("GET /v2/" + Stack.pathUpstream(repository) + "/manifests/" + missing);
    }
  }
}
