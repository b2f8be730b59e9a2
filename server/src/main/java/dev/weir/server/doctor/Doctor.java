package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.Loaded;
import dev.weir.server.config.StorageConfig;
import dev.weir.server.config.UpstreamConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.upstream.UpstreamSettings.Patience;
import dev.weir.server.wiring.Connections;

/**
 * Goes over what {@code weir serve} would use. Starts nothing, and writes nothing but a probe to a bucket; ends within about ten seconds.
 *
 * @param offline no upstream is asked
 * @param program a file of weir's own, as old as the program
 */
public record Doctor(Map<String, String> environment, boolean offline, Path program, InstantSource clock) {
  private static final Duration LONGEST = Duration.ofSeconds(11);
  private static final Patience PATIENCE = new Patience(Duration.ofSeconds(4), Duration.ofSeconds(5),
      Duration.ofSeconds(3), Duration.ZERO);
  private static final Path PROC = Path.of("/proc");

  /** @param file the configuration, which need not be one */
  public Report examine(Path file) throws InterruptedException {
    try {
      Loaded loaded = ConfigLoader.load(file, environment);
      List<Finding> findings = new ArrayList<>(ConfigurationCheck.of(file, loaded));
      findings.addAll(new Examination(LONGEST).of(checks(loaded.config())));
      return new Report(findings);
    } catch (ConfigException e) {
      return new Report(ConfigurationCheck.of(file, e));
    }
  }

  private List<Check> checks(WeirConfig config) {
    Path root = config.localRoot();
    Optional<Running> running = running(root);
    List<Check> checks = new ArrayList<>();
    checks.add(new CertificateCheck(config, environment, clock));
    checks.add(new NamesCheck(config.http(), Names.SYSTEM));
    checks.add(new ClockCheck(clock, program));
    checks.add(new DiskCheck(root, Disk::of));
    checks.add(new PermissionsCheck(config, root));
    config.auth().htpasswd().ifPresent(htpasswd -> checks.add(new UsersCheck(htpasswd.path(), clock)));
    checks.add(new PortsCheck(config.http(), running, new Listeners(PROC)));
    checks.add(limits(running.map(Running::pid).orElse(OptionalLong.empty())));
    checks.add(new PullSecretCheck(config, clock));
    if (config.storage().backend() instanceof StorageConfig.S3 bucket) {
      checks.add(new BucketCheck(bucket.settings(), clock));
    }
    checks.addAll(upstreams(config));
    return checks;
  }

  /** A lock that cannot be looked at is told of by the check of the disk. */
  private Optional<Running> running(Path root) {
    try {
      return Patiently.await(LONGEST.dividedBy(2), "look at the lock on " + root, () -> Running.on(root, environment));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Check limits(OptionalLong pid) {
    return pid.isPresent()
        ? new LimitsCheck(PROC.resolve(pid.getAsLong() + "/limits"), "the weir that runs, process " + pid.getAsLong())
        : new LimitsCheck(PROC.resolve("self/limits"), "a process started as this one");
  }

  private List<Check> upstreams(WeirConfig config) {
    List<UpstreamConfig> all = Stream.concat(config.upstreams().values().stream(), config.proxy().stream()).toList();
    if (offline || config.cache().offline()) {
      String why = offline ? "--offline was given" : "cache.offline is true";
      return List.of(new Known("upstreams", Finding.ok("upstreams", "none was asked, because " + why)));
    }
    try {
      Connections connections = Connections.of(config, environment, PATIENCE, clock, complaint -> {});
      return all.stream().flatMap(upstream -> upstream(upstream, connections)).toList();
    } catch (IllegalArgumentException e) {
      return List.of(new Known("upstreams", Finding.fail("upstreams", Sentences.of(e),
          "correct that variable in the environment of weir: http://[user:password@]host:port")));
    }
  }

  private Stream<Check> upstream(UpstreamConfig upstream, Connections connections) {
    String subject = UpstreamCheck.subject(upstream);
    if (upstream.offline()) {
      return Stream.of(new Known(subject,
          Finding.ok(subject, "is not asked, because upstreams." + upstream.name() + ".offline is true")));
    }
    return Stream.concat(Stream.of(UpstreamCheck.of(upstream, connections, Names.SYSTEM, clock)), upstream.mirrors()
        .stream().map(mirror -> UpstreamCheck.of(upstream, mirror, connections, Names.SYSTEM, clock)));
  }

  /** What is known without looking. */
  private record Known(String subject, Finding finding) implements Check {
    @Override
    public List<Finding> run() {
      return List.of(finding);
    }
  }
}
