package dev.weir.storage.disk;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What a disk may hold after the power went, at each point of what was done to it. */
public final class PowerCuts {
  private final List<Change> changes;

  PowerCuts(List<Change> changes) {
    this.changes = changes;
  }

  /** What becomes of what was not synced. */
  public enum Loss {
    /** All of it is gone, names and bytes. */
    ALL,
    /** Names are there, and the bytes behind them are not. */
    BYTES,
    /** Names are there, and zeros behind them. */
    ZEROS,
    /** Any names, any beginnings of files: of a rename perhaps only one half. */
    ANY,
    /** Nothing: the process died, not the machine. */
    NONE
  }

  /** Looks at what is left. */
  @FunctionalInterface
  public interface Look {
    /**
     * Called for one state.
     *
     * @param at so many changes had been made
     * @param files what is there, by path relative to the disk's root
     */
    void at(int at, Loss loss, Map<String, byte[]> files) throws IOException;
  }

  /** Cuts the power after every change from {@code first} on, in every way; {@link Loss#ANY} as {@code random} wants it. */
  public void forEach(int first, RandomGenerator random, Look look) throws IOException {
    Surface surface = new Surface();
    for (int at = 0; at <= changes.size(); at++) {
      if (at >= first) {
        for (Loss loss : Loss.values()) {
          look.at(at, loss, surface.afterPowerCut(loss, random));
        }
      }
      if (at < changes.size()) {
        surface.apply(changes.get(at));
      }
    }
  }
}
