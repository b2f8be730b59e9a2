package dev.weir.server.shipped;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.weir.server.pullthrough.Await;
import dev.weir.server.pullthrough.TestWeir;
import dev.weir.server.upstream.ScriptedRegistry;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What dashboard, alerts and documentation say of metrics, beside a weir to which one of each thing has happened. */
class MetricNamesTest {
  private static final Pattern NAME = Pattern.compile("\\b(?:weir|registry_proxy)_[a-z0-9_]+");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_0-9]+)(?:\\{(.*)\\})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern GROUPING = Pattern.compile("by \\(([a-z, ]+)\\)");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)=~?\"");
  /** Prometheus' own, added when it scrapes. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");
  private static final int MIB = 1 << 20;

  @TempDir static Path folder;
  /** Labels of every metric, by its name. */
  private static final Map<String, Set<String>> EXPOSED = new TreeMap<>();
  private static final ScriptedRegistry UPSTREAM = ScriptedRegistry.plain();

  @BeforeAll
  static void letOneOfEachThingHappen() {
    IntStream.rangeClosed(1, 6).forEach(number -> UPSTREAM.addImage("team/app", "v" + number, config(number), layer(
        number)));
    try (TestWeir weir = TestWeir.in(folder.resolve("data")).upstream("origin", UPSTREAM.uri())
        .cache("tagttl: 0s, maxsize: 5MiB").start()) {
      Await.until("what is held is known", () -> weir.metric("weir_held_known") == 1);
      IntStream.rangeClosed(1, 6).forEach(number -> pull(weir, number));
      push(weir);
      pull(weir, 6);
      UPSTREAM.close();
      assertThat(weir.client().manifest("origin/team/app", "v6").header("Warning")).isPresent();
      assertThat(weir.metric("weir_upstream_misses_total")).isPositive();
      assertThat(weir.metric("weir_upstream_hits_total")).isPositive();
      assertThat(weir.metric("weir_stale_answers_total")).isPositive();
      assertThat(weir.metric("weir_evicted_images_total")).isPositive();
      assertThat(weir.metric("registry_proxy_pushed_bytes_total")).isGreaterThan(6.0 * MIB);
      assertThat(weir.metric("weir_http_answers_total")).isGreaterThan(18);
      read(weir.metrics());
    }
  }

  private static byte[] config(int number) {
    return ("{\"number\": " + number + "}").getBytes(UTF_8);
  }

  private static byte[] layer(int number) {
    byte[] bytes = new byte[MIB];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private static void pull(TestWeir weir, int number) {
    assertThat(weir.client().manifest("origin/team/app", "v" + number).status()).isEqualTo(200);
    for (byte[] blob : List.of(config(number), layer(number))) {
      assertThat(weir.client().blob("origin/team/app", Digest.sha256(blob)).body()).isEqualTo(blob);
    }
  }

  private static void push(TestWeir weir) {
    byte[] blob = config(0);
    assertThat(weir.client().push("ours/app", blob).status()).isEqualTo(201);
    assertThat(weir.client().pushManifest("ours/app", "1", """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "config": {"mediaType": "application/octet-stream", "digest": "%s", "size": %d}, "layers": []}
        """.formatted(Digest.sha256(blob), blob.length)).status()).isEqualTo(201);
  }

  private static void read(String metrics) {
    SAMPLE.matcher(metrics).results().forEach(sample -> {
      Set<String> labels = EXPOSED.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
      if (sample.group(2) != null) {
        LABEL.matcher(sample.group(2)).results().map(label -> label.group(1)).forEach(labels::add);
      }
    });
  }

  @AfterAll
  static void close() {
    UPSTREAM.close();
  }

  static List<String> queries() {
    JsonNode dashboard = Shipped.json(Shipped.text("grafana/weir.json"));
    Stream<String> variables = dashboard.path("templating").findValues("query").stream().filter(JsonNode::isTextual)
        .map(JsonNode::asText).filter(text -> text.contains("label_values"));
    return Stream.of(dashboard.path("panels").findValuesAsText("expr").stream(), variables, rules().findValuesAsText(
        "expr").stream()).flatMap(each -> each).distinct().toList();
  }

  private static JsonNode rules() {
    return Shipped.document("prometheus/weir.rules.yml").path("groups");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void everyMetricOfAQueryExistsWithTheLabelsThatAreAskedFor(String query) {
    Set<String> labels = Stream.concat(
        GROUPING.matcher(query).results().flatMap(found -> Stream.of(found.group(1).split(", "))),
        MATCHER.matcher(query).results().map(found -> found.group(1))).collect(Collectors.toSet());
    labels.removeAll(OF_THE_SCRAPE);
    for (String name : names(query)) {
      assertThat(EXPOSED).containsKey(name);
      assertThat(EXPOSED.getOrDefault(name, Set.of())).as(name).containsAll(labels);
    }
    assertThat(names(query).isEmpty()).as("what is asked of Prometheus itself").isEqualTo(query.startsWith("up{"));
  }

  @Test
  void theDashboardAsksForSomethingInEveryPanelAndShowsEveryMetric() {
    JsonNode dashboard = Shipped.json(Shipped.text("grafana/weir.json"));
    assertThat(dashboard.path("panels").valueStream().filter(panel -> !panel.path("type").asText().equals("row")))
        .isNotEmpty().allSatisfy(panel -> assertThat(panel.path("targets")).isNotEmpty());
    assertThat(names(String.join(" ", dashboard.findValuesAsText("expr")))).isEqualTo(ours());
  }

  @Test
  void openShiftHasTheSameAlerts() {
    assertThat(Shipped.document("openshift/component/prometheusrule.yaml").path("spec").path("groups"))
        .isEqualTo(rules());
  }

  @Test
  void everyMetricIsDocumentedAndNoOther() throws Exception {
    assertThat(names(Files.readString(Path.of("..", "docs", "METRICS.md")))).isEqualTo(ours());
  }

  private static Set<String> ours() {
    return EXPOSED.keySet().stream().filter(name -> NAME.matcher(name).matches()).collect(Collectors.toCollection(
        TreeSet::new));
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
  }
}
