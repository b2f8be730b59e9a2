package dev.weir.auth;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Changes a htpasswd file: the line of one user, and nothing else in it. A server that follows the file sees the old
 * file or the new one, and so does whoever looks after a crash.
 *
 * <p>Of two editors at once, the later one wins.
 */
public final class PasswordFileEditor {
  private static final int LONGEST_NAME = 255;
  /** So that a file without users is not taken for one that somebody is about to write. */
  private static final String NO_USERS = "# no users";

  private final Path file;

  public PasswordFileEditor(Path file) {
    this.file = file;
  }

  /**
   * Adds the user, or gives the user another password. Makes the file if there is none, for its owner alone.
   *
   * @return whether the user was there before
   * @throws IllegalArgumentException if name or password are of no use, or {@code cost} is out of range
   */
  public boolean set(String user, byte[] secret, int cost) throws IOException {
    checkName(user);
    checkSecret(secret);
    if (cost < Bcrypt.LOWEST_COST || cost > Bcrypt.HIGHEST_COST) {
      throw new IllegalArgumentException(
          "the cost is a number from " + Bcrypt.LOWEST_COST + " to " + Bcrypt.HIGHEST_COST);
    }
    List<String> lines = Files.exists(file) ? lines() : new ArrayList<>();
    String line = user + ":" + Bcrypt.hash(secret, cost);
    int first = indexOf(lines, user);
    lines.removeIf(each -> isOf(each, user));
    lines.remove(NO_USERS);
    lines.add(Math.min(first < 0 ? lines.size() : first, lines.size()), line);
    write(lines);
    return first >= 0;
  }

  /**
   * Takes the user out.
   *
   * @return whether the user was there
   */
  public boolean remove(String user) throws IOException {
    List<String> lines = lines();
    boolean found = lines.removeIf(line -> isOf(line, user));
    if (found) {
      if (lines.isEmpty()) {
        lines.add(NO_USERS);
      }
      write(lines);
    }
    return found;
  }

  /**
   * Whether a server that reads the file would let the user in.
   *
   * @throws IllegalArgumentException if the file is no htpasswd file, or has no entry for the user that is of use
   */
  public boolean check(String user, byte[] secret) throws IOException {
    PasswordFile parsed = PasswordFile.parse(Files.readAllBytes(file));
    String hash = parsed.hash(user).orElseThrow(
        () -> new IllegalArgumentException(lineOf(user).isEmpty()
            ? "there is no user " + user
            : user + " cannot log in, because the hash is not bcrypt"));
    return Bcrypt.matches(hash, secret);
  }

  private List<String> lineOf(String user) {
    try {
      return lines().stream().filter(line -> isOf(line, user)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static void checkName(String user) {
    boolean printable = user.chars().noneMatch(Character::isISOControl);
    if (user.isEmpty() || user.length() > LONGEST_NAME || user.contains(":") || user.startsWith("#")
        || !user.strip().equals(user) || !printable || user.equals(Who.ANYBODY.toString())) {
      throw new IllegalArgumentException(
          "a user's name holds no colon and no control character, begins neither with # nor with a space,"
              + " and is not - alone");
    }
  }

  private static void checkSecret(byte[] secret) {
    if (secret.length == 0) {
      throw new IllegalArgumentException("the password is empty");
    }
    if (secret.length > Bcrypt.LONGEST_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "the password has more than " + Bcrypt.LONGEST_SECRET_BYTES + " bytes, and bcrypt looks at no more");
    }
    for (byte each : secret) {
      if (each == 0 || each == '\n' || each == '\r') {
        throw new IllegalArgumentException("the password is one line of text");
      }
    }
  }

  private static int indexOf(List<String> lines, String user) {
    for (int i = 0; i < lines.size(); i++) {
      if (isOf(lines.get(i), user)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isOf(String line, String user) {
    return line.strip().startsWith(user + ":");
  }

  private List<String> lines() throws IOException {
    try {
      return new ArrayList<>(Files.readString(file, StandardCharsets.UTF_8).lines().toList());
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(file + " is not there");
    }
  }

  /** A link stays a link: it is what it points to that is replaced. */
  private void write(List<String> lines) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path directory = Objects.requireNonNull(target.getParent());
    Path fresh = Files.createTempFile(directory, ".htpasswd", ".new",
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      writeDurably(fresh, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
      if (Files.exists(target)) {
        copyRights(target, fresh);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  private static void writeDurably(Path fresh, byte[] content) throws IOException {
    Files.write(fresh, content);
    try (FileChannel open = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      open.force(true);
    }
  }

  private static void copyRights(Path from, Path to) throws IOException {
    PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    PosixFileAttributes fresh = view.readAttributes();
    if (!fresh.owner().equals(old.owner())) {
      view.setOwner(old.owner());
    }
    if (!fresh.group().equals(old.group())) {
      view.setGroup(old.group());
    }
    view.setPermissions(old.permissions());
  }
}
