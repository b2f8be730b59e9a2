package dev.weir.bench;

import java.io.IOException;
import java.util.List;

/**
 * One row of the table: what is asked of whom, and what the figures are held to.
 *
 * @param title what is asked, in words
 * @param figures shown beside those that the targets are about
 */
record Case(String name, String title, Stage stage, List<Figure> figures, List<Target> targets) {
  /** Starts the servers, which the site closes, and gives those who take turns. */
  interface Stage {
    List<Entrant> set(Site site) throws IOException, InterruptedException;
  }
}
