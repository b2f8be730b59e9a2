package dev.weir.server.archive.in;

/** Told how far an import is. Called by several threads, one at a time. */
public interface Watch {
  /** Looks at nothing. */
  Watch NONE = new Watch() {
    @Override
    public void at(long done, long total, String what) {}

    @Override
    public void say(String sentence) {}
  };

  /** @param total 0: not known */
  void at(long done, long total, String what);

  /** What a person should see at once: something is skipped. */
  void say(String sentence);
}
