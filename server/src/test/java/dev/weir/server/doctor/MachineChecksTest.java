package dev.weir.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.auth.PasswordFileEditor;
import dev.weir.server.config.HttpConfig;
import dev.weir.server.doctor.Finding.Level;
import dev.weir.storage.fs.RootLock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Names, clock, disk, permissions, users, ports, limits. */
class MachineChecksTest {
  private static final long PID = ProcessHandle.current().pid();
  private static final Path PROC = Path.of("/proc");

  @TempDir private Path folder;

  private HttpConfig http(String keys) {
    return Written.config(folder, "http: {" + keys + "}").http();
  }

  /** Knows two names; this machine is 192.0.2.1. */
  private static final Names NAMES = new Names() {
    @Override
    public List<InetAddress> resolve(String host) throws IOException {
      return switch (host) {
        case "here.test" -> List.of(InetAddress.ofLiteral("192.0.2.1"));
        case "there.test" -> List.of(InetAddress.ofLiteral("192.0.2.2"));
        default -> throw new IOException("nobody knows the host name " + host);
      };
    }

    @Override
    public boolean isOwn(InetAddress address) {
      return address.getHostAddress().equals("192.0.2.1");
    }
  };

  private Level named(String keys, String part) {
    return Written.about(Written.advised(new NamesCheck(http(keys), NAMES).run()), part).level();
  }

  @Test
  void hostIsToBeKnownAndToBeThisMachine() {
    assertThat(named("host: 'https://here.test'", "is this machine")).isEqualTo(Level.OK);
    assertThat(named("host: 'https://there.test'", "is another machine (192.0.2.2)")).isEqualTo(Level.WARN);
    assertThat(named("host: 'https://gone.test'", "nobody knows")).isEqualTo(Level.FAIL);
  }

  @Test
  void listenAddressIsToBeOneOfThisMachine() {
    assertThat(named("addr: ':5000'", "IPv4 and IPv6")).isEqualTo(Level.OK);
    assertThat(named("addr: 'here.test:5000'", "an address of this machine")).isEqualTo(Level.OK);
    assertThat(named("addr: 'there.test:5000'", "is no address of this machine")).isEqualTo(Level.FAIL);
    assertThat(named("debug: {addr: 'gone.test:5001'}", "http.debug.addr is gone.test:5001: nobody"))
        .isEqualTo(Level.FAIL);
  }

  @Test
  void thisMachineKnowsItsOwnAddresses() throws IOException {
    assertThat(Names.SYSTEM.resolve("127.0.0.1")).allMatch(Names.SYSTEM::isOwn);
    assertThat(Names.SYSTEM.resolve("0:0:0:0:0:0:0:0")).allMatch(Names.SYSTEM::isOwn);
    assertThat(Names.SYSTEM.resolve("192.0.2.99")).noneMatch(Names.SYSTEM::isOwn);
  }

  @Test
  void clockBeforeTheProgramWasBuiltIsAFailure() throws Exception {
    Path program = Files.createFile(folder.resolve("weir.jar"));
    assertThat(clock(program, Instant.now())).isEqualTo(Level.OK);
    assertThat(clock(program, Instant.now().minusSeconds(3 * 86_400))).isEqualTo(Level.FAIL);
    Files.setLastModifiedTime(program, FileTime.fromMillis(0));
    assertThat(clock(program, Instant.parse("2001-01-01T00:00:00Z"))).isEqualTo(Level.FAIL);
  }

  private static Level clock(Path program, Instant now) throws Exception {
    return Written.advised(new ClockCheck(InstantSource.fixed(now), program).run()).getFirst().level();
  }

  private List<Finding> disk(String kind, long usable, long freeInodes, String... options) throws Exception {
    Disk disk = new Disk(kind, 1000L << 30, usable << 30, 1000, freeInodes, List.of(options));
    return Written.advised(new DiskCheck(folder, path -> disk).run());
  }

  @Test
  void littleRoomIsWarnedOfAndNoneIsAFailure() throws Exception {
    assertThat(Written.about(disk("xfs", 500, 500), "room left: 500.0 GiB of 1000.0 GiB (50.0 %)").level())
        .isEqualTo(Level.OK);
    assertThat(Written.about(disk("xfs", 99, 500), "room left").level()).isEqualTo(Level.WARN);
    assertThat(Written.about(disk("xfs", 19, 500), "room left").level()).isEqualTo(Level.FAIL);
    assertThat(Written.about(disk("xfs", 500, 99), "inodes left").level()).isEqualTo(Level.WARN);
    assertThat(Written.about(disk("xfs", 500, 1), "inodes left: 1 of 1000").level()).isEqualTo(Level.FAIL);
  }

  @Test
  void fileSystemsThatLoseDataAreWarnedOf() throws Exception {
    assertThat(Written.about(disk("xfs", 500, 500, "rw", "prjquota"), "project quotas").level()).isEqualTo(Level.OK);
    for (String kind : List.of("tmpfs", "nfs4", "overlay")) {
      assertThat(Written.about(disk(kind, 500, 500), "(" + kind + ")").level()).isEqualTo(Level.WARN);
    }
  }

  @Test
  void realDiskTellsItsFigures() throws IOException {
    Disk disk = Disk.of(folder);
    assertThat(disk.kind()).isNotEmpty();
    assertThat(disk.totalBytes()).isPositive().isGreaterThanOrEqualTo(disk.usable());
  }

  @Test
  void mountsOfLongestPrefixTellTheirOptions() {
    Mounts mounts = Mounts.parse(List.of("1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw",
        "2 1 8:2 / /srv/my\\040data rw,noatime - xfs /dev/sdb rw,prjquota", "nonsense"));
    assertThat(mounts.optionsOf(Path.of("/srv/my data/weir"))).contains("noatime", "prjquota");
    assertThat(mounts.optionsOf(Path.of("/srv"))).containsExactly("rw", "relatime", "rw");
  }

  @Test
  void weirThatRunsOnTheDataIsToldOfAndIsNoFailure() throws Exception {
    assertThat(Running.on(folder, Map.of())).isEmpty();
    try (RootLock _ = RootLock.take(folder, waiting -> {})) {
      assertThat(Written.about(disk("xfs", 500, 500), "a weir runs on").level()).isEqualTo(Level.OK);
    }
  }

  @Test
  void secretsThatOthersMayReadAreWarnedOf() throws Exception {
    Path key = Files.writeString(folder.resolve("tls.key"), "");
    Path certs = Files.createDirectory(folder.resolve("certs"));
    String yaml = "{http: {tls: {certificate: '%s', key: '%s'}}, pullsecret: '%s', certs: {path: '%s'}}"
        .formatted(key, key, folder.resolve("absent"), certs);
    PermissionsCheck check = new PermissionsCheck(Written.config(folder, yaml), folder);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwxr-x---"));
    List<Finding> findings = Written.advised(check.run());
    assertThat(Written.about(findings, "may read " + key).todo()).isEqualTo("chmod o-rwx " + key);
    assertThat(Written.about(findings, "look into " + certs).todo()).isEqualTo("chmod 700 " + certs);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(certs, PosixFilePermissions.fromString("rwx------"));
    assertThat(check.run()).extracting(Finding::level).containsExactly(Level.OK);
  }

  @Test
  void rootThatIsAFileIsAFailureAndOneThatIsNotThereYetIsMadeLater() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(Written.advised(new PermissionsCheck(Written.config(folder, "{}"), file).run()).getFirst())
        .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.FAIL))
        .satisfies(finding -> assertThat(finding.what()).contains("is no directory"));
    Path absent = folder.resolve("a/b");
    assertThat(new PermissionsCheck(Written.config(folder, "{}"), absent).run()).extracting(Finding::level)
        .containsExactly(Level.OK);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void passwordFileNamesTheEntriesThatLetNobodyIn() throws Exception {
    Path file = folder.resolve("htpasswd");
    assertThat(users(file).getFirst().level()).isEqualTo(Level.FAIL);
    Files.writeString(file, "bob:{SHA}geheim\n");
    assertThat(users(file)).extracting(Finding::level).containsOnly(Level.WARN);
    new PasswordFileEditor(file).set("alice", "pw".getBytes(UTF_8), 4);
    assertThat(Written.about(users(file), "users who can log in: 1").level()).isEqualTo(Level.OK);
    assertThat(Written.about(users(file), "bob cannot log in").what()).doesNotContain("geheim");
    Files.writeString(file, "not a password file\n");
    assertThat(Written.about(users(file), "is not user:hash").level()).isEqualTo(Level.FAIL);
  }

  private static List<Finding> users(Path file) {
    return Written.advised(new UsersCheck(file, InstantSource.system()).run());
  }

  private Finding port(int port, Optional<Running> running) throws Exception {
    return Written.advised(
        new PortsCheck(http("addr: '127.0.0.1:" + port + "'"), running, new Listeners(PROC)).run()).getFirst();
  }

  @Test
  void portThatAnotherProgramHasIsAFailureThatNamesItAndItsOwnIsNone() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      Finding finding = port(port, Optional.empty());
      assertThat(finding.level()).isEqualTo(Level.FAIL);
      assertThat(finding.what()).contains("127.0.0.1:" + port + " is taken by process " + PID + " (java, uid ");
      assertThat(port(port, Optional.of(new Running("this process", OptionalLong.of(PID)))).level())
          .isEqualTo(Level.OK);
      assertThat(port(port, Optional.of(new Running("another", OptionalLong.of(PID + 1)))).level())
          .isEqualTo(Level.FAIL);
      assertThat(port(port, Optional.of(new Running("in a container", OptionalLong.empty()))).what())
          .contains("most likely the weir that runs (in a container)");
    }
    assertThat(port(port, Optional.empty()).what()).contains("is free");
  }

  @Test
  void fewOpenFilesAreWarnedOf() throws Exception {
    assertThat(limit("1024").level()).isEqualTo(Level.WARN);
    assertThat(limit("1024").what()).contains("may open 1024 files");
    assertThat(limit("65536").level()).isEqualTo(Level.OK);
    assertThat(limit("unlimited").level()).isEqualTo(Level.OK);
    assertThat(new LimitsCheck(folder.resolve("absent"), "weir").run().getFirst().level()).isEqualTo(Level.OK);
  }

  private Finding limit(String soft) throws Exception {
    Path file = Files.writeString(folder.resolve("limits"), """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            %s                 524288               files
        """.formatted(soft));
    return Written.advised(new LimitsCheck(file, "weir").run()).getFirst();
  }
}
