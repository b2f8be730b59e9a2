package dev.weir.server.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.weir.auth.PasswordFileEditor;

/** {@code weir htpasswd}: changes and checks the users in a htpasswd file. No password is ever an argument. */
@Command(name = "htpasswd", mixinStandardHelpOptions = true, description = {
    "Adds a user to a htpasswd file, or gives a user another password.",
    "The password is asked for, or is the one line on standard input. A running weir takes the change up by itself."})
final class HtpasswdCommand implements Callable<Integer> {
  private static final int WRONG = 1;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "what auth.htpasswd.path names; made if it is not there") private Path file = Path
      .of("");

  @Parameters(index = "1", paramLabel = "USER") private String user = "";

  @ArgGroup private Act act = new Act();

  @Option(names = "--cost", paramLabel = "N", defaultValue = "10", description = "bcrypt's cost: one more takes twice as long (default: ${DEFAULT-VALUE})") private int cost;

  /** What to do instead of setting a password. */
  private static final class Act {
    @Option(names = "--delete", description = "takes the user out of the file") private boolean delete;
    @Option(names = "--check", description = "changes nothing; exit status 0 if the password is right, 1 if it is wrong") private boolean check;
  }

  @Override
  public Integer call() throws IOException {
    PasswordFileEditor editor = new PasswordFileEditor(file);
    try {
      return act.delete ? delete(editor) : act.check ? check(editor) : set(editor);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private int delete(PasswordFileEditor editor) throws IOException {
    if (!editor.remove(user)) {
      throw new IOException(file + ": there is no user " + user);
    }
    say("user " + user + " is removed");
    return 0;
  }

  private int check(PasswordFileEditor editor) throws IOException {
    boolean right = editor.check(user, password(false));
    say(right ? "the password is right" : "the password is wrong");
    return right ? 0 : WRONG;
  }

  private int set(PasswordFileEditor editor) throws IOException {
    boolean existed = editor.set(user, password(true), cost);
    say(existed ? "user " + user + " has another password" : "user " + user + " is added");
    return 0;
  }

  private byte[] password(boolean twice) throws IOException {
    Optional<Console> console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    return console.isPresent() ? ask(console.get(), twice) : readLine();
  }

  private byte[] ask(Console console, boolean twice) throws IOException {
    char[] password = read(console, "Password for %s: ");
    if (twice && !Arrays.equals(password, read(console, "Again, password for %s: "))) {
      throw new IOException("the two passwords differ; nothing was changed");
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  private char[] read(Console console, String prompt) throws IOException {
    char[] password = console.readPassword(prompt, user);
    if (password == null) {
      throw new IOException("no password was given; nothing was changed");
    }
    return password;
  }

  /** Without the end of the line. */
  private static byte[] readLine() throws IOException {
    byte[] all = System.in.readAllBytes();
    int end = all.length;
    if (end > 0 && all[end - 1] == '\n') {
      end--;
    }
    if (end > 0 && all[end - 1] == '\r') {
      end--;
    }
    return Arrays.copyOf(all, end);
  }

  private void say(String sentence) {
    Objects.requireNonNull(spec).commandLine().getOut().println(sentence);
  }
}
