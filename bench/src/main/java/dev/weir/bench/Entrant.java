package dev.weir.bench;

import java.io.IOException;

/** Who takes its turn in a case. */
record Entrant(String name, Turn turn) {
  /** One turn. */
  interface Turn {
    Round take() throws IOException, InterruptedException;
  }

  /** A server that bears a load, under its own name. */
  static Entrant of(Server server, Server.Driver driver) {
    return of(server.contender().label(), server, driver);
  }

  static Entrant of(String name, Server server, Server.Driver driver) {
    return new Entrant(name, () -> server.measure(driver));
  }
}
