package dev.weir.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one reading of a htpasswd file gave, as registry:2 reads it: {@code user:hash}, bcrypt alone, {@code #} comments,
 * blank lines; the last line of a user counts. Immutable.
 *
 * @param hashes bcrypt, by user
 * @param highestCost among them
 * @param complaints which entries are of no use, without what they hold
 */
record PasswordFile(Map<String, String> hashes, int highestCost, List<String> complaints) {
  private static final int USUAL_COST = 10;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_SHOWN = 32;
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  /** Stands where bytes are not UTF-8. */
  private static final String REPLACEMENT = "\uFFFD";

  /** @throws IllegalArgumentException if this is no htpasswd file, or only the beginning of one */
  static PasswordFile parse(byte[] content) {
    if (content.length == 0) {
      throw new IllegalArgumentException(
          "it is empty, as while somebody writes it; a file with a comment alone lets nobody in");
    }
    String text = new String(content, StandardCharsets.UTF_8);
    List<String> lines = (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).lines().toList();
    Map<String, String> hashes = new LinkedHashMap<>();
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      boolean cutOff = i == lines.size() - 1 && !text.endsWith("\n");
      if (!line.isEmpty() && !line.startsWith("#")) {
        add(line, i + 1, cutOff, hashes, complaints);
      }
    }
    int highestCost = hashes.values().stream().mapToInt(Bcrypt::cost).max().orElse(USUAL_COST);
    return new PasswordFile(Map.copyOf(hashes), highestCost, List.copyOf(complaints));
  }

  private static void add(String line, int number, boolean cutOff, Map<String, String> hashes,
      List<String> complaints) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("line " + number + " is not user:hash");
    }
    String user = line.substring(0, colon);
    String hash = line.substring(colon + 1);
    if (!Bcrypt.isHash(hash) && cutOff) {
      throw new IllegalArgumentException("it ends in the middle of line " + number);
    }
    hashes.remove(user);
    if (user.length() > LONGEST_NAME || user.contains(REPLACEMENT) || user.equals(Who.ANYBODY.toString())) {
      complaints.add("line " + number + ": nobody can have this name, so it lets nobody in");
    } else if (!Bcrypt.isHash(hash)) {
      complaints.add("line " + number + ": " + shown(user) + " cannot log in, because the hash is not bcrypt"
          + " ($2a$, $2b$ or $2y$, cost " + Bcrypt.LOWEST_COST + " to " + Bcrypt.HIGHEST_COST + ")");
    } else {
      hashes.put(user, hash);
    }
  }

  /** Where a line break was lost, a hash may stand before the colon, and is not for the log. */
  private static String shown(String user) {
    return user.length() > LONGEST_SHOWN || user.contains("$") ? "its user" : user;
  }

  Optional<String> hash(String user) {
    return Optional.ofNullable(hashes.get(user));
  }
}
