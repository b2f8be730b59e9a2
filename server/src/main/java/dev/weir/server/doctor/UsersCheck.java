package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.weir.auth.Passwords;

/** The password file. */
record UsersCheck(Path file, InstantSource clock) implements Check {
  @Override
  public String subject() {
    return "users";
  }

  @Override
  public List<Finding> run() {
    String set = "weir htpasswd " + file + " USER";
    List<Finding> findings = new ArrayList<>();
    try (Passwords passwords = new Passwords(file, clock,
        sentence -> findings.add(Finding.warn(subject(), sentence, "give that user a password anew: " + set)))) {
      findings.add(passwords.users() == 0
          ? Finding.warn(subject(), "password file " + file + " holds no user, so nobody can log in", set)
          : Finding.ok(subject(),
              "password file " + file + " can be used; users who can log in: " + passwords.users()));
    } catch (IOException e) {
      findings.add(Finding.fail(subject(), Sentences.of(e), "put it right, or begin it with " + set));
    }
    return findings;
  }
}
