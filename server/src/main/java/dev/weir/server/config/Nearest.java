package dev.weir.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that a misspelt one probably means. */
final class Nearest {
  private static final int FARTHEST = 2;

  private Nearest() {}

  static Optional<String> to(String word, Collection<String> known) {
    return known.stream().filter(each -> each.length() > FARTHEST && distance(word, each) <= FARTHEST)
        .min(Comparator.comparingInt(each -> distance(word, each)));
  }

  /** Levenshtein's, without regard to case. */
  private static int distance(String left, String right) {
    int[] above = new int[right.length() + 1];
    for (int column = 0; column < above.length; column++) {
      above[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      int[] current = new int[above.length];
      current[0] = row;
      for (int column = 1; column < current.length; column++) {
        int change = same(left.charAt(row - 1), right.charAt(column - 1)) ? 0 : 1;
        current[column] = Math.min(above[column - 1] + change, 1 + Math.min(above[column], current[column - 1]));
      }
      above = current;
    }
    return above[right.length()];
  }

  private static boolean same(char left, char right) {
    return Character.toLowerCase(left) == Character.toLowerCase(right);
  }
}
