package dev.weir.server.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.auth.AccessRules;
import dev.weir.auth.FollowedFile;
import dev.weir.auth.Passwords;
import dev.weir.server.config.AuthConfig;
import dev.weir.server.config.ConfigException;
import dev.weir.server.config.ConfigLoader;
import dev.weir.server.config.Loaded;
import dev.weir.server.config.Secret;
import dev.weir.server.config.WeirConfig;
import dev.weir.server.http.Door;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Who comes in, and by which rules. */
final class Admission implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final Optional<Passwords> passwords;
  private final Door door;
  private final Supplier<AccessRules> rules;

  /**
   * Where a configuration came from, so that changes in it are seen.
   *
   * @param text what the file held when it was read
   */
  record Source(Path file, Secret text, Map<String, String> environment) {}

  /** @param source rules are taken up anew when it changes; empty: they stay as they are */
  Admission(WeirConfig config, Optional<Source> source, InstantSource clock) throws IOException {
    AccessRules fixed = new AccessRules(config.auth().rules(), config.everybodyIsAUser());
    this.rules = source.isPresent() ? follow(config, source.get(), clock) : () -> fixed;
    if (config.auth().htpasswd().isPresent()) {
      AuthConfig.Htpasswd htpasswd = config.auth().htpasswd().get();
      Passwords file = open(htpasswd.path(), clock);
      this.passwords = Optional.of(file);
      this.door = Door.withPasswords(htpasswd.realm(), file::check);
    } else {
      this.passwords = Optional.empty();
      this.door = Door.open();
    }
  }

  private static Passwords open(Path path, InstantSource clock) throws IOException {
    Passwords file;
    try {
      file = new Passwords(path, clock, LOG::warn);
    } catch (IOException e) {
      String advice = Files.notExists(path) ? "; `weir htpasswd " + path + " USER` makes one" : "";
      throw new IOException(e.getMessage() + advice, e);
    }
    if (file.users() == 0) {
      LOG.warn("password file {} holds no user, so nobody can log in", path);
    }
    return file;
  }

  private static Supplier<AccessRules> follow(WeirConfig started, Source source, InstantSource clock)
      throws IOException {
    RuleReading reading = new RuleReading(started, source);
    return new FollowedFile<>("configuration", source.file(), reading::read, clock, LOG::warn)::current;
  }

  /** Called by one thread at a time. */
  private static final class RuleReading {
    private final Source source;
    private final boolean usersExist;
    private WeirConfig last;
    private Secret lastText;

    RuleReading(WeirConfig started, Source source) {
      this.source = source;
      this.usersExist = started.everybodyIsAUser();
      this.last = started;
      this.lastText = source.text();
    }

    /** The same text is not read again, as it comes first: that would double what the start takes for it. */
    AccessRules read(byte[] content) {
      if (!lastText.value().equals(new String(content, UTF_8))) {
        Loaded loaded = load(); // the file may hold yet another text by now
        take(loaded.config());
        lastText = loaded.text();
      }
      return new AccessRules(last.auth().rules(), usersExist);
    }

    private void take(WeirConfig read) {
      if (read.auth().rules().isEmpty() && !last.auth().rules().isEmpty()) {
        // a file that is cut off before its rules must not open every door
        throw new IllegalArgumentException("it holds no rules any more; to lift them all, start weir again");
      }
      if (!read.auth().rules().equals(last.auth().rules())) {
        LOG.info("{} rules from {} are in force", read.auth().rules().size(), source.file());
      }
      if (!read.equals(last.withRules(read.auth().rules()))) {
        LOG.warn("configuration {} changed in more than its rules; that takes effect at the next start", source.file());
      }
      last = read;
    }

    private Loaded load() {
      try {
        return ConfigLoader.load(source.file(), source.environment());
      } catch (ConfigException e) {
        throw new IllegalArgumentException(String.join("; ", e.problems()), e);
      }
    }
  }

  Door door() {
    return door;
  }

  /** Those in force when it is asked. */
  Supplier<AccessRules> rules() {
    return rules;
  }

  @Override
  public void close() {
    passwords.ifPresent(Passwords::close);
  }
}
