package dev.weir.server.ui;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import dev.weir.server.http.Visitor;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.Digest;
import dev.weir.storage.InMemoryObjectStore;
import dev.weir.storage.Manifest;
import dev.weir.storage.MediaTypes;
import dev.weir.storage.ObjectStore;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

import static org.assertj.core.api.Assertions.assertThat;

/** What somebody who may push to one repository can have the page do. */
final class EffortTest {
  private static final RepositoryName NAME = RepositoryName.parse("eve/app");
  private static final Visitor EVE = new Visitor("eve", false, false, false, name -> true, first -> true);
  private static final int MOST_BYTES = 1 << 20;

  private final AtomicLong nanos = new AtomicLong();
  /** How long each look at the clock takes. */
  private long slowness;
  private final ObjectStore store = new InMemoryObjectStore();
  private final AtomicInteger calls = new AtomicInteger();
  private final Content content = Content.of((ObjectStore) Proxy.newProxyInstance(EffortTest.class.getClassLoader(),
      new Class<?>[]{ObjectStore.class}, (proxy, method, arguments) -> {
        calls.incrementAndGet();
        return method.invoke(store, arguments);
      }));
  private final Images images = new Images(content, new Holdings(InstantSource.system()), false,
      () -> nanos.addAndGet(slowness));

  private Digest put(String type, String json) throws IOException {
    Manifest manifest = new Manifest(type, Digest.sha256(Pictures.bytes(json)), Pictures.bytes(json));
    content.manifests().putOwned(NAME, manifest);
    return manifest.digest();
  }

  private static String index(List<Digest> children, String said) {
    return "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"manifests\":["
        + children.stream()
            .map(each -> "{\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\",\"digest\":\"" + each + "\",\"size\":7}")
            .collect(Collectors.joining(","))
        + "],\"annotations\":{\"said\":\"" + said + "\"}}";
  }

  private Digest image(int number) throws IOException {
    return put(MediaTypes.OCI_MANIFEST,
        Pictures.manifest(Pictures.bytes("{}"), Pictures.bytes("layer " + number), "number " + number));
  }

  private ImageView one(Digest digest) throws IOException {
    return images.one(new Question(EVE, Map.of("repository", "eve/app", "reference", digest.toString()), "weir"));
  }

  private Images.Tags tags(String last) throws IOException {
    return images.tags(new Question(EVE, Map.of("repository", "eve/app", "last", last), "weir"));
  }

  @Test
  void aChildThatIsNamedManyTimesIsShownOnce() throws IOException {
    Digest child = image(1);
    ImageView view = one(put(MediaTypes.OCI_INDEX, index(Collections.nCopies(500, child), "x")));
    assertThat(view.platforms()).hasSize(1);
    assertThat(view.platforms().getFirst().held()).isTrue();
  }

  @Test
  void anIndexWithinAnIndexIsNotLookedInto() throws IOException {
    Digest image = image(1);
    Digest inner = put(MediaTypes.OCI_INDEX, index(List.of(image), "inner"));
    ImageView view = one(put(MediaTypes.OCI_INDEX, index(List.of(inner), "outer")));
    assertThat(view.platforms().getFirst().size()).isEqualTo(7);
    assertThat(view.size()).isEqualTo(14);
  }

  @Test
  void whatManyReferrersSayIsCutAndMostAreLeftOut() throws IOException {
    Digest subject = image(1);
    String annotations = IntStream.range(0, 100).mapToObj(i -> "\"k" + i + "\":\"" + "v".repeat(1_500) + "\"")
        .collect(Collectors.joining(","));
    for (int i = 0; i < 130; i++) {
      put(MediaTypes.OCI_MANIFEST,
          """
              {"schemaVersion":2,"mediaType":"%s","artifactType":"a/b%d","config":{"mediaType":"a/c","digest":"%s","size":2},
               "layers":[],"subject":{"mediaType":"%s","digest":"%s","size":1},"annotations":{%s}}"""
              .formatted(MediaTypes.OCI_MANIFEST, i, Digest.sha256(new byte[0]), MediaTypes.OCI_MANIFEST, subject,
                  annotations));
    }
    ImageView view = one(subject);
    assertThat(view.referrers()).hasSizeBetween(40, 100);
    assertThat(new ObjectMapper().writeValueAsBytes(view)).hasSizeLessThan(MOST_BYTES);
  }

  @Test
  void manifestsThatAreTooLargeForOneAnswerAreNotAllRead() throws IOException {
    List<Digest> children = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      children.add(put(MediaTypes.OCI_INDEX, index(List.of(), i + "x".repeat(1 << 20))));
    }
    ImageView view = one(put(MediaTypes.OCI_INDEX, index(children, "x")));
    assertThat(view.platforms()).hasSize(12);
    assertThat(view.platforms().stream().filter(each -> each.held() == null)).hasSizeBetween(3, 5);
  }

  @Test
  void ofManyImagesOnlyAsManyAreLookedAtAsAreShown() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      image(i);
    }
    calls.set(0);
    Images.HeldImages held = images.held(new Question(EVE, Map.of("repository", "eve/app"), "weir"));
    assertThat(held.images()).hasSize(100);
    assertThat(held.matching()).isNull();
    assertThat(calls.get()).isLessThan(500);
    calls.set(0);
    assertThat(images.held(new Question(EVE, Map.of("repository", "eve/app", "q", "no digest"), "weir")).images())
        .isEmpty();
    assertThat(calls.get()).isLessThan(2_500);
  }

  @Test
  void tagsThatTakeTooLongComeInShorterPagesAndNoneIsLost() throws IOException {
    for (int i = 0; i < 7; i++) {
      content.tags().setOwned(NAME, Tag.parse("v" + i), image(i));
    }
    slowness = 700_000_000;
    List<String> found = new ArrayList<>();
    int pages = 0;
    for (String last = ""; last != null; pages++) {
      Images.Tags page = tags(last);
      assertThat(page.tags()).isNotEmpty().hasSizeLessThan(7);
      page.tags().forEach(row -> found.add(row.tag()));
      last = page.next();
    }
    assertThat(found).containsExactly("v0", "v1", "v2", "v3", "v4", "v5", "v6");
    assertThat(pages).isGreaterThan(2);
  }
}
