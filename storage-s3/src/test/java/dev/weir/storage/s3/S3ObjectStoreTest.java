package dev.weir.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

import dev.weir.storage.NameOrder;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.ObjectStore.Child;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class S3ObjectStoreTest {
  private static final ObjectKey BLOB = new ObjectKey("docker/registry/v2/blobs/sha256/aa/aa/data");

  private static S3Proxy server;

  private final AllowedCalls calls = new AllowedCalls();
  @TempDir private Path scratch;
  private String bucket;
  private S3ObjectStore store;

  @BeforeAll
  static void start(@TempDir Path directory) {
    server = S3Proxy.over(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() throws IOException {
    bucket = server.newBucket();
    store = S3ObjectStore.open(server.settings(bucket), false, Optional.empty(), List.of(calls));
  }

  private S3ObjectStore opened(S3Settings settings) throws IOException {
    return S3ObjectStore.open(settings, false, Optional.empty(), List.of(calls));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private Path fileOf(byte[] content) throws IOException {
    return Files.write(Files.createTempFile(scratch, "source", ""), content);
  }

  private static byte[] read(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }

  @Test
  void theRootDirectoryIsPutBeforeEveryKeyAsDistributionDoesIt() throws IOException {
    for (String root : List.of("", "/", "/a/b/", "a/b")) {
      S3Settings plain = server.settings(server.newBucket());
      try (S3ObjectStore rooted = opened(new S3Settings(plain.bucket(), root, plain.endpoint(), plain.credentials(),
          plain.writing(), plain.redirectEndpoint()))) {
        rooted.putBytes(BLOB, bytes(3));
        String before = root.contains("a") ? "a/b/" : "";
        assertThat(server.contents(plain.bucket())).containsExactly(before + BLOB);
        try (Stream<Child> children = rooted.children(new ObjectKey("docker"), "")) {
          assertThat(children).containsExactly(new Child("registry", true));
        }
      }
    }
  }

  @Test
  void whatIsMissingCostsOneCall() throws IOException {
    assertThat(store.size(BLOB)).isEmpty();
    assertThat(store.get(BLOB)).isEmpty();
    assertThat(store.open(BLOB)).isEmpty();
    assertThat(store.delete(BLOB)).isFalse();
    assertThat(calls.counts()).containsOnlyKeys("GetObject").containsEntry("GetObject", 4);
  }

  @Test
  void aLargeObjectIsReadFromAnywhere() throws IOException {
    byte[] content = bytes(1_000_000);
    store.putFile(BLOB, fileOf(content));
    try (StoredObject object = store.open(BLOB).orElseThrow()) {
      assertThat(read(object.read())).isEqualTo(content);
      for (int[] range : new int[][]{{0, 10}, {0, 262_144}, {0, 262_145}, {262_143, 262_146}, {262_144, 1_000_000},
          {999_999, 1_000_000}, {5, 5}}) {
        assertThat(read(object.read(range[0], range[1])))
            .isEqualTo(java.util.Arrays.copyOfRange(content, range[0], range[1]));
      }
    }
  }

  @Test
  void aStretchComesBehindTheAnswerOfOneCall() throws IOException {
    byte[] content = bytes(1_000_000);
    store.putFile(BLOB, fileOf(content));
    for (long[] range : new long[][]{{0, Long.MAX_VALUE}, {0, 10}, {999_999, 2_000_000}, {300_000, 600_000}}) {
      int before = calls.of("GetObject");
      try (StoredObject object = store.open(BLOB, range[0], range[1]).orElseThrow()) {
        assertThat(object.size()).isEqualTo(1_000_000);
        long end = Math.min(range[1], object.size());
        assertThat(read(object.read(range[0], end)))
            .isEqualTo(java.util.Arrays.copyOfRange(content, (int) range[0], (int) end));
        assertThat(calls.of("GetObject")).isEqualTo(before + 1);
        assertThat(read(object.read(5, 15))).isEqualTo(java.util.Arrays.copyOfRange(content, 5, 15));
      }
      assertThat(calls.of("GetObject")).isEqualTo(before + 2);
    }
  }

  @Test
  void aStretchThatIsNotReadLeavesNoConnectionTaken() throws IOException {
    store.putFile(BLOB, fileOf(bytes(10_000_000)));
    for (int i = 0; i < 300; i++) {
      store.open(BLOB, 0, Long.MAX_VALUE).orElseThrow().close();
    }
    assertThat(calls.of("GetObject")).isEqualTo(300);
  }

  @Test
  void aStretchOfNothingIsNothing() throws IOException {
    assertThat(store.open(BLOB, 0, Long.MAX_VALUE)).isEmpty();
    store.putBytes(BLOB, new byte[0]);
    for (long to : new long[]{5, Long.MAX_VALUE}) {
      try (StoredObject object = store.open(BLOB, 0, to).orElseThrow()) {
        assertThat(object.size()).isZero();
        assertThat(read(object.read(0, 0))).isEmpty();
      }
    }
    store.putBytes(BLOB, bytes(7));
    try (StoredObject object = store.open(BLOB, 7, Long.MAX_VALUE).orElseThrow()) {
      assertThat(object.size()).isEqualTo(7);
    }
  }

  @Test
  void aLargeObjectThatIsReplacedMeanwhileGivesNoOtherBytes() throws IOException {
    store.putFile(BLOB, fileOf(bytes(1_000_000)));
    try (StoredObject object = store.open(BLOB).orElseThrow()) {
      store.putFile(BLOB, fileOf(bytes(1_000_001)));
      assertThatThrownBy(() -> read(object.read())).isInstanceOf(IOException.class).hasMessageContaining("412");
    }
  }

  @Test
  void partsOfAFileThatIsShorterThanItWasAreTakenBack() throws IOException {
    Path file = fileOf(bytes(11 << 20));
    calls.onFirst("UploadPart", () -> truncate(file));
    assertThatThrownBy(() -> store.putFile(BLOB, file)).isInstanceOf(IOException.class);
    assertThat(calls.of("AbortMultipartUpload")).isEqualTo(1);
    assertThat(server.contents(bucket)).isEmpty();
  }

  private static void truncate(Path file) {
    try {
      Files.write(file, new byte[1]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatAKilledProcessLeftOfItsUploadsIsTakenBack() throws IOException {
    server.asOwner().createMultipartUpload(request -> request.bucket(bucket).key(BLOB.value()));
    server.asOwner().createMultipartUpload(request -> request.bucket(bucket).key("docker/registry/v2/repositories/u"));
    assertThat(store.abortUploadsBegunBefore(Instant.now().minusSeconds(3600))).isZero();
    assertThat(store.abortUploadsBegunBefore(Instant.now().plusSeconds(3600))).isEqualTo(1);
    assertThat(server.contents(bucket)).containsExactly("unfinished docker/registry/v2/repositories/u");
    calls.assertAllPermitted();
  }

  @Test
  void manyChildrenComeInTheirOrderOverPageAfterPage() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 1000; i < 2020; i++) {
      names.add("4." + i + "-x86_64");
    }
    names.addAll(List.of("4", "4.1000", "4.1250", "4.1995", "4.1", "5", "4-"));
    names.parallelStream().forEach(name -> server.asOwner()
        .putObject(request -> request.bucket(bucket).key("tags/" + name + "/link"), RequestBody.empty()));
    List<String> sorted = names.stream().sorted(NameOrder::compare).toList();
    try (Stream<Child> children = store.children(new ObjectKey("tags"), "")) {
      assertThat(children.map(Child::name)).containsExactlyElementsOf(sorted);
    }
    assertThat(calls.of("ListObjectsV2")).isLessThan(12);
    for (int from : IntStream.range(0, 10).map(i -> i * 102).toArray()) {
      try (Stream<Child> children = store.children(new ObjectKey("tags"), sorted.get(from))) {
        assertThat(children.map(Child::name).limit(3)).containsExactlyElementsOf(sorted.subList(from + 1, from + 4));
      }
    }
  }

  @Test
  void whatOtherProgramsLeaveInABucketIsSteppedOver() throws IOException {
    for (String key : List.of("tags/", "tags/v1/link")) {
      server.asOwner().putObject(request -> request.bucket(bucket).key(key), RequestBody.empty());
    }
    try (Stream<Child> children = store.children(new ObjectKey("tags"), "")) {
      assertThat(children).containsExactly(new Child("v1", true));
    }
  }

  @Test
  void anAddressIsReadByWhoeverHasIt() throws Exception {
    byte[] content = bytes(100);
    store.putBytes(BLOB, content);
    assertThat(store.address(BLOB)).isEmpty();
    try (S3ObjectStore giving = S3ObjectStore.open(server.settings(bucket), true);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = giving.address(BLOB).orElseThrow();
      assertThat(http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray()).body())
          .isEqualTo(content);
      URI unsigned = URI.create(address.toString().replaceAll("[?].*", ""));
      assertThat(http.send(HttpRequest.newBuilder(unsigned).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode()).isEqualTo(403);
    }
  }

  @Test
  void addressesLeadToWhereClientsReachTheBucket() throws IOException {
    S3Settings own = server.settings(bucket);
    try (S3ObjectStore giving = S3ObjectStore.open(new S3Settings(bucket, "/r", own.endpoint(), own.credentials(),
        own.writing(), Optional.of(URI.create("https://outside.example"))), true)) {
      assertThat(giving.address(BLOB).orElseThrow()).hasScheme("https").hasHost("outside.example")
          .hasPath("/" + bucket + "/r/" + BLOB).hasParameter("X-Amz-Expires", "1200");
    }
  }

  @Test
  void aMissingBucketIsNoMissingObject() throws IOException {
    try (S3ObjectStore nowhere = opened(server.settings("nowhere"))) {
      assertThatThrownBy(() -> nowhere.size(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("nowhere at " + server.address()).hasMessageContaining("there is no such bucket");
      assertThatThrownBy(() -> nowhere.get(BLOB)).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> nowhere.open(BLOB)).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> nowhere.delete(BLOB)).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> nowhere.children(BLOB, "")).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> nowhere.putBytes(BLOB, bytes(1))).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> nowhere.putFile(BLOB, fileOf(bytes(6 << 20))))
          .isInstanceOf(StoreUnavailableException.class);
    }
  }

  @Test
  void wrongCredentialsAreNamedForWhatTheyAre() throws IOException {
    S3Settings right = server.settings(bucket);
    try (S3ObjectStore wrong = opened(new S3Settings(bucket, "", right.endpoint(),
        new S3Settings.Keys("weir", "wrong", Optional.empty()), right.writing(), Optional.empty()))) {
      assertThatThrownBy(() -> wrong.size(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("credentials");
    }
  }

  @Test
  void aServerThatIsGoneIsToldSo() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    S3Settings right = server.settings(bucket);
    S3Settings.Endpoint gone = new S3Settings.Endpoint("local", Optional.of(URI.create("http://127.0.0.1:" + port)),
        true, S3Settings.Variant.PLAIN, S3Settings.Trust.SYSTEM, Optional.empty());
    try (S3ObjectStore unreachable = opened(
        new S3Settings(bucket, "", gone, right.credentials(), right.writing(), Optional.empty()))) {
      assertThatThrownBy(() -> unreachable.get(BLOB)).isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("Connection refused");
    }
  }
}
