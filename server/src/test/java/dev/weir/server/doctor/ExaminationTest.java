package dev.weir.server.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.weir.server.doctor.Finding.Level;

import static org.assertj.core.api.Assertions.assertThat;

class ExaminationTest {
  @TempDir private Path folder;

  private record Scripted(String subject, Callable<List<Finding>> script) implements Check {
    @Override
    public List<Finding> run() throws Exception {
      return script.call();
    }
  }

  @Test
  void checkThatBreaksOrHangsIsAFindingAndStopsNoOther() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    List<Finding> findings = new Examination(Duration.ofSeconds(2)).of(List.of(
        new Scripted("one", () -> {
          throw new IllegalStateException("it broke");
        }),
        new Scripted("two", () -> {
          never.await();
          return List.of();
        }),
        new Scripted("three", () -> List.of(Finding.ok("three", "all is well")))));
    assertThat(findings).extracting(Finding::subject).containsExactly("one", "two", "three");
    assertThat(findings).extracting(Finding::level).containsExactly(Level.FAIL, Level.FAIL, Level.OK);
    assertThat(findings.get(0).what()).contains("it broke");
    assertThat(findings.get(1).what()).contains("came to no end");
  }

  @Test
  void checksRunAtOnce() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Callable<List<Finding>> meet = () -> {
      both.countDown();
      both.await();
      return List.of(Finding.ok("x", "met"));
    };
    assertThat(new Examination(Duration.ofSeconds(30)).of(List.of(new Scripted("a", meet), new Scripted("b", meet))))
        .extracting(Finding::what).containsExactly("met", "met");
  }

  private Report examine(String yaml, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(folder.resolve("weir.yml"), yaml);
    return new Doctor(environment, false, file, InstantSource.system()).examine(file);
  }

  @Test
  void configurationThatCannotBeUsedIsToldByFileAndLineOnce() throws Exception {
    Report report = examine("http: {addr: ':5000'}\ncache: {tagttl: soon}\n", Map.of());
    assertThat(report.hasFailure()).isTrue();
    assertThat(report.findings()).singleElement().satisfies(
        finding -> assertThat(finding.what()).startsWith(folder.resolve("weir.yml") + ":2: cache.tagttl"));
    assertThat(new Doctor(Map.of(), false, folder, InstantSource.system()).examine(folder.resolve("absent.yml")).text())
        .contains("absent.yml: there is no such file");
  }

  @Test
  void upstreamsThatAreOfflineAreNotAskedAndAProxyThatCannotBeUsedIsSaidWithoutItsPassword() throws Exception {
    String yaml = "{http: {addr: '127.0.0.1:0'}, storage: {filesystem: {rootdirectory: '%s'}}, cache: {offline: %s},"
        + " upstreams: {hub.test: {offline: %s}}}";
    assertThat(examine(yaml.formatted(folder, true, false), Map.of()).text()).contains("because cache.offline is true");
    assertThat(examine(yaml.formatted(folder, false, true), Map.of()).text())
        .contains("ok    upstream hub.test: is not asked");
    Report proxy = examine(yaml.formatted(folder, false, true), Map.of("HTTPS_PROXY", "socks://u:geheim@proxy:1"));
    assertThat(proxy.hasFailure()).isTrue();
    assertThat(proxy.text()).contains("HTTPS_PROXY").doesNotContain("geheim");
  }

  @Test
  void everyFindingIsOneLine() {
    Report report = new Report(List.of(Finding.fail("x", "two\nlines", "do\r\n this")));
    assertThat(report.text()).isEqualTo("fail  x: two lines. To do: do this\n0 ok, 0 warn, 1 fail\n");
  }
}
