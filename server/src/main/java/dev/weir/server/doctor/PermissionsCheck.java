package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.weir.server.config.TlsConfig;
import dev.weir.server.config.WeirConfig;
import dev.weir.storage.fs.RootRights;

/** What this user may write, and what others may read. */
record PermissionsCheck(WeirConfig config, Path root) implements Check {
  private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.OTHERS_READ,
      PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
  private static final Set<PosixFilePermission> GROUP = Set.of(PosixFilePermission.GROUP_READ,
      PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE);

  @Override
  public String subject() {
    return "permissions";
  }

  @Override
  public List<Finding> run() throws Exception {
    List<Finding> findings = new ArrayList<>();
    findings.add(rights());
    for (Path secret : secrets()) {
      openSecret(secret).ifPresent(findings::add);
    }
    certificates().ifPresent(findings::add);
    return findings;
  }

  private Finding rights() {
    String run = "run weir doctor as the user that weir runs as, and if it says the same, do what it says";
    return RootRights.obstacle(root).or(() -> RootRights.doubt(root))
        .map(sentence -> Finding.fail(subject(), sentence, run))
        .orElseGet(() -> Finding.ok(subject(), "this user may write to " + root));
  }

  private List<Path> secrets() {
    Stream<Path> tls = config.http().tls().flatMap(TlsConfig::files).stream()
        .flatMap(files -> Stream.concat(Stream.of(files.key()), files.passphrase().stream()));
    Stream<Path> users = config.auth().htpasswd().stream().map(htpasswd -> htpasswd.path());
    return Stream.of(tls, users, config.pullSecret().stream()).flatMap(each -> each).filter(Files::exists).toList();
  }

  private Optional<Finding> openSecret(Path file) throws IOException {
    Set<PosixFilePermission> open = permissions(file);
    open.retainAll(OTHERS);
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(Finding.warn(subject(), "every user of this machine may "
            + (open.contains(PosixFilePermission.OTHERS_WRITE) ? "change " : "read ") + file + ", which holds secrets",
            "chmod o-rwx " + file));
  }

  private Optional<Finding> certificates() throws IOException {
    Path directory = config.certificates().toAbsolutePath();
    boolean used = config.http().tls().isPresent() && config.http().tls().get().files().isEmpty();
    if (!Files.isDirectory(directory)) {
      Optional<String> obstacle = used ? RootRights.obstacle(directory) : Optional.empty();
      return obstacle.map(sentence -> Finding.fail(subject(), sentence, "make it for weir's user: install -d -m 700 "
          + directory));
    }
    Set<PosixFilePermission> open = permissions(directory);
    boolean others = open.stream().anyMatch(each -> OTHERS.contains(each) || GROUP.contains(each));
    if (others) {
      return Optional
          .of(Finding.warn(subject(), "others may look into " + directory + ", where weir's CA keeps its key",
              "chmod 700 " + directory));
    }
    return used && !Files.isWritable(directory)
        ? Optional.of(Finding.fail(subject(), "this user may not write to " + directory + ", where weir keeps its CA",
            "give it to weir's user with chown, or run weir doctor as that user"))
        : Optional.empty();
  }

  /** None where there is no such thing as permissions. */
  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (UnsupportedOperationException e) {
      return new HashSet<>();
    }
  }
}
