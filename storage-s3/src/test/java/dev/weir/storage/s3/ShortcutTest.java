package dev.weir.storage.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

import dev.weir.storage.Arriving;
import dev.weir.storage.ObjectKey;
import dev.weir.storage.StoreUnavailableException;
import dev.weir.storage.StoredObject;
import dev.weir.storage.s3.S3Door.Trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Objects that arrive past the SDK: the same bytes, or none, and then the SDK is asked. */
class ShortcutTest {
  private static final ObjectKey BLOB = new ObjectKey("docker/registry/v2/blobs/sha256/aa/aa/data");

  @TempDir private Path directory;
  private OneLoop loop;
  private S3Proxy server;
  private S3Door door;
  private S3ObjectStore store;
  private int clientsBefore;

  @BeforeEach
  void start() throws IOException {
    loop = new OneLoop();
    server = S3Proxy.over(directory);
    door = S3Door.before(server);
    store = loop.store(server.settings(server.newBucket(), door.address()));
  }

  @AfterEach
  void stop() throws IOException {
    store.close();
    door.close();
    server.close();
    loop.close();
  }

  private byte[] stored(int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    store.putBytes(BLOB, bytes);
    door.calls().clear();
    clientsBefore = door.clients();
    return bytes;
  }

  private StoredObject opened() throws IOException {
    return store.openArriving(BLOB).orElseThrow();
  }

  private byte[] arrived() throws IOException {
    Keeper keeper = new Keeper(true);
    try (StoredObject object = opened(); Arriving arriving = object.arriving().orElseThrow()) {
      arriving.to(keeper);
      assertThat(keeper.awaitEnd()).isEmpty();
      assertThat(object.size()).isEqualTo(keeper.bytes().length);
    }
    return keeper.bytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_000, 256 << 10, (256 << 10) + 1, 5_000_000})
  void whatArrivesIsTheObject(int length) throws IOException {
    byte[] bytes = stored(length);
    assertThat(arrived()).isEqualTo(bytes);
    assertThat(door.calls()).extracting(S3Door.Call::operation).containsExactly("GetObject");
    assertThat(door.calls()).extracting(S3Door.Call::isByAddress).containsExactly(true);
  }

  @Test
  void oneConnectionServesThemOneAfterTheOther() throws IOException {
    byte[] bytes = stored(100_000);
    int before = door.connections();
    for (int i = 0; i < 5; i++) {
      assertThat(arrived()).isEqualTo(bytes);
    }
    assertThat(door.connections() - before).isEqualTo(1);
  }

  @Test
  void aConnectionThatTheServerClosedMeanwhileIsNoTrouble() throws IOException {
    byte[] bytes = stored(100_000);
    assertThat(arrived()).isEqualTo(bytes);
    door.dropConnections();
    for (int i = 0; i < 3; i++) {
      try (StoredObject object = opened()) {
        assertThat(object.read().readAllBytes()).isEqualTo(bytes);
      }
    }
    assertThat(arrived()).isEqualTo(bytes);
  }

  @Test
  void noMoreIsReadThanWasGivenBack() throws Exception {
    byte[] bytes = stored(40 << 20);
    Keeper keeper = new Keeper(false);
    try (StoredObject object = opened(); Arriving arriving = object.arriving().orElseThrow()) {
      arriving.to(keeper);
      int held = settled(keeper);
      assertThat(held).isBetween(1, 1 << 20);
      while (!keeper.isOver()) {
        keeper.giveBack();
        Thread.onSpinWait();
      }
      assertThat(keeper.awaitEnd()).isEmpty();
    }
    assertThat(keeper.bytes()).isEqualTo(bytes);
  }

  /** How many bytes have come when no more come. */
  private static int settled(Keeper keeper) throws InterruptedException {
    int before = -1;
    for (int now = 0; now != before || now == 0; now = keeper.bytes().length) {
      before = now;
      Thread.sleep(300);
    }
    return before;
  }

  @Test
  void whoLeavesInTheMiddleEndsTheConnection() throws Exception {
    stored(40 << 20);
    Keeper keeper = new Keeper(false);
    try (StoredObject object = opened(); Arriving arriving = object.arriving().orElseThrow()) {
      arriving.to(keeper);
      settled(keeper);
    }
    keeper.giveBack();
    int held = keeper.bytes().length;
    for (int i = 0; i < 100 && door.clients() > clientsBefore; i++) {
      Thread.sleep(100);
    }
    assertThat(door.clients()).isEqualTo(clientsBefore);
    assertThat(keeper.bytes()).hasSize(held);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "SLOW_DOWN", "EXPIRED", "SILENCE"})
  void whereItIsRefusedTheSdkAsksAndItIsNotTriedAgainSoon(Trouble trouble) throws IOException {
    byte[] bytes = stored(100_000);
    AtomicInteger asked = new AtomicInteger();
    door.make(operation -> asked.getAndIncrement() == 0 ? trouble : Trouble.NONE);
    for (int i = 0; i < 2; i++) {
      try (StoredObject object = opened()) {
        assertThat(object.arriving()).isEmpty();
        assertThat(object.read().readAllBytes()).isEqualTo(bytes);
      }
    }
    assertThat(door.calls()).extracting(S3Door.Call::isByAddress).containsExactly(true, false, false);
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_BUCKET", "NO_WAY"})
  void whatIsSaidToBeMissingTheSdkIsAskedFor(Trouble trouble) throws IOException {
    byte[] bytes = stored(100_000);
    AtomicInteger asked = new AtomicInteger();
    door.make(operation -> asked.getAndIncrement() == 0 ? trouble : Trouble.NONE);
    try (StoredObject object = opened()) {
      assertThat(object.read().readAllBytes()).isEqualTo(bytes);
    }
    assertThat(door.calls()).extracting(S3Door.Call::isByAddress).containsExactly(true, false);
    assertThat(arrived()).isEqualTo(bytes);
  }

  @Test
  void whatIsNotThereIsAbsentAndWhatCannotBeToldIsAnError() throws IOException {
    stored(1);
    assertThat(store.openArriving(new ObjectKey("docker/registry/v2/blobs/sha256/bb/bb/data"))).isEmpty();
    door.make(Trouble.ERROR);
    assertThatThrownBy(this::opened).isInstanceOf(StoreUnavailableException.class).hasMessageContaining("500");
  }

  @Test
  void anAnswerThatEndsInTheMiddleIsToldAndTheRestIsHadByTheSdk() throws IOException {
    byte[] bytes = stored(5_000_000);
    door.cutAfter(1_000_000);
    Keeper keeper = new Keeper(true);
    try (StoredObject object = opened()) {
      object.arriving().orElseThrow().to(keeper);
      assertThat(keeper.awaitEnd()).isPresent();
      byte[] begun = keeper.bytes();
      assertThat(begun).hasSizeLessThan(bytes.length);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(begun);
      object.read(begun.length, bytes.length).transferTo(all);
      assertThat(all.toByteArray()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @CsvSource({"bucket.example, false", "BUCKET.example, false", "rook.storage.svc, false",
      "other.bucket.example, true"})
  void whatStandsBehindAProxyIsForTheSdk(String host, boolean isProxied) {
    ProxyConfiguration proxy = ProxyConfiguration.builder().endpoint(URI.create("http://proxy.example:3128"))
        .nonProxyHosts(Set.of("bucket.example", ".*?.svc")).useEnvironmentVariableValues(false).build();
    assertThat(Connections.isProxied(proxy, host)).isEqualTo(isProxied);
    ProxyConfiguration none = ProxyConfiguration.builder().useEnvironmentVariableValues(false)
        .useSystemPropertyValues(false).build();
    assertThat(Connections.isProxied(none, host)).isFalse();
  }
}
