package dev.weir.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.tls.Authority;
import dev.weir.server.tls.CertsDirectory;
import dev.weir.server.tls.Description;
import dev.weir.server.tls.Issued;
import dev.weir.server.tls.KeyKind;
import dev.weir.server.tls.ServerFiles;
import dev.weir.server.tls.SubjectNames;

/** {@code weir certs}: weir's own CA. */
@Command(name = "certs", mixinStandardHelpOptions = true, description = "weir's own CA: makes it, issues servers' certificates with it, shows it.")
final class CertsCommand implements Runnable {
  private static final int LONGEST_DAYS = 825;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which of init, issue and show?");
  }

  /** Where the CA is. */
  static final class Place {
    @Option(names = "--config", paramLabel = "CONFIG", description = "weir's configuration, whose certs.path is used; default: conf/weir.yml") private @Nullable Path config;

    @Option(names = "--path", paramLabel = "DIRECTORY", description = "the directory of the CA, whatever the configuration says") private @Nullable Path path;

    CertsDirectory directory() throws ConfigException {
      return new CertsDirectory(path != null
          ? path
          : ConfigLoader.load(ConfigFile.chosen(Optional.ofNullable(config), System.getenv()), System.getenv()).config()
              .certificates());
    }
  }

  @Command(name = "init", mixinStandardHelpOptions = true, description = "Makes a CA where there is none. Never replaces one.")
  int init(@Mixin Place place,
      @Option(names = "--rsa", description = "RSA keys instead of P-256") boolean rsa)
      throws IOException, ConfigException {
    Authority made = Authority.create(place.directory(), rsa ? KeyKind.RSA : KeyKind.P256, InstantSource.system());
    say("made " + Description.of(made.certificate()));
    say("clients are to trust " + made.file());
    return 0;
  }

  @Command(name = "issue", mixinStandardHelpOptions = true, description = "Issues a server's certificate.")
  int issue(@Mixin Place place,
      @Option(names = "--san", required = true, paramLabel = "NAME", description = "a host name or an IP address by which clients reach the server; again for each") List<String> names,
      @Option(names = "--rsa", description = "an RSA key; default: as the CA's own") boolean rsa,
      @Option(names = "--days", paramLabel = "N", defaultValue = "397", description = "how long it is valid, up to 825; default: ${DEFAULT-VALUE}") int days,
      @Option(names = "--out", paramLabel = "DIRECTORY", description = "where NAME.crt and NAME.key go; default: the directory of the CA") @Nullable Path out)
      throws IOException, ConfigException {
    if (days < 1 || days > LONGEST_DAYS) {
      throw new ParameterException(spec.commandLine(), "--days is from 1 to " + LONGEST_DAYS);
    }
    CertsDirectory directory = place.directory();
    Authority authority = Authority.open(directory, InstantSource.system());
    Issued issued = authority.issue(parsed(names), rsa ? KeyKind.RSA : authority.kind(), Duration.ofDays(days));
    ServerFiles written = ServerFiles.write(out == null ? directory.path() : out, names.getFirst(), issued);
    say("issued " + Description.of(issued.certificate()));
    say("certificate " + written.certificate());
    say("key         " + written.key());
    return 0;
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows the CA and what it issued.")
  int show(@Mixin Place place,
      @Option(names = "--pem", description = "the CA's certificate alone, as clients want it") boolean pem)
      throws IOException, ConfigException {
    CertsDirectory directory = place.directory();
    Authority authority = Authority.open(directory, InstantSource.system());
    if (pem) {
      spec.commandLine().getOut().print(authority.pem());
      spec.commandLine().getOut().flush();
      return 0;
    }
    say(authority.file() + ": " + Description.of(authority.certificate()));
    for (String line : ServerFiles.describe(directory)) {
      say(line);
    }
    return 0;
  }

  private SubjectNames parsed(List<String> names) {
    try {
      return SubjectNames.parse(names);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
