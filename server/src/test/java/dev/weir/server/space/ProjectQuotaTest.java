package dev.weir.server.space;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.realclient.NeedsPrograms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** Under a real project quota of xfs, which takes a kernel of its own: User-Mode Linux, where a JVM is slow. */
@NeedsPrograms({"linux.uml", "mkfs.xfs", "xfs_quota"})
class ProjectQuotaTest {
  private static final long QUOTA = 20L << 20;

  @TempDir private Path folder;

  private static String classPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElseGet(() -> System.getProperty("java.class.path"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin/java")
        + " -Xmx400m -Djava.io.tmpdir=/run -XX:-UsePerfData -XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
  }

  private static Path init(Path script) throws IOException {
    Files.writeString(script, String.join("\n", "#!/bin/sh", "export PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "echo QUOTA begins", "mount -t proc proc /proc", "mount -t sysfs sys /sys", "mount -t tmpfs tmpfs /run",
        "ip link set lo up || ifconfig lo 127.0.0.1", "mkdir -p /run/x",
        "mount -o prjquota /dev/ubda /run/x && mkdir /run/x/c",
        "xfs_quota -x -c 'project -s -p /run/x/c 7' -c 'limit -p bhard=" + QUOTA + " 7' /run/x >/dev/null",
        java() + " -cp '" + classPath() + "' " + QuotaProgram.class.getName() + " /run/x/c 2>&1", "umount /run/x",
        "echo o >/proc/sysrq-trigger", "sleep 5", ""));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void theBoundIsTheQuotaAndItsEndIsSurvived() throws Exception {
    Path image = folder.resolve("xfs.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(512L << 20);
    }
    assertThat(XfsVolume.run("mkfs.xfs", "-q", image.toString())).isZero();
    Path console = folder.resolve("console");
    Process kernel = new ProcessBuilder("linux.uml", "mem=1200M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/",
        "ro", "init=" + init(folder.resolve("init.sh")), "ubda=" + image, "con=null", "con0=fd:0,fd:1", "quiet")
        .redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true).redirectOutput(console.toFile())
        .start();
    try {
      assertThat(kernel.waitFor(14, TimeUnit.MINUTES)).isTrue();
    } finally {
      Stream.concat(kernel.descendants(), Stream.of(kernel.toHandle())).forEach(ProcessHandle::destroyForcibly);
    }
    assumeThat(Files.readString(console, StandardCharsets.ISO_8859_1)).as("User-Mode Linux does not start here")
        .contains("QUOTA begins");
    List<String> said = Files.readString(console, StandardCharsets.ISO_8859_1).lines().map(String::strip)
        .filter(line -> line.startsWith("QUOTA ")).map(line -> line.substring("QUOTA ".length())).toList();
    System.out.println(said);
    assertThat(said).as(Files.readString(console, StandardCharsets.ISO_8859_1)).contains("total " + QUOTA,
        "bound " + QUOTA * 9 / 10, "pulled 24", "passed through 0", "pushed until 507",
        "filled: No space left on device", "pulled beyond the quota", "over");
    assertThat(said).filteredOn(line -> line.startsWith("evicted ")).singleElement()
        .satisfies(line -> assertThat(Long.parseLong(line.substring("evicted ".length()))).isPositive());
  }
}
