package dev.weir.server.ui;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** This weir, and who looks at it. */
public final class Site {
  private final String version;
  private final Instant started;
  private final List<String> upstreams;

  /** @param upstreams by the names that paths here begin with */
  public Site(String version, Instant started, List<String> upstreams) {
    this.version = version;
    this.started = started;
    this.upstreams = List.copyOf(upstreams);
  }

  /**
   * For the page's frame.
   *
   * @param user null: nobody in particular
   * @param mayLogIn whether credentials would show more
   * @param mayLogOut whether the browser remembers some
   * @param seesAll whether to show what concerns weir as a whole
   * @param upstreams under which the visitor may pull
   */
  record View(String version, String started, @Nullable String user, boolean mayLogIn, boolean mayLogOut,
      boolean seesAll,
      List<String> upstreams) {}

  View show(Question question) {
    String user = question.visitor().user();
    return new View(version, started.toString(), user.equals("-") ? null : user, question.visitor().mayLogIn(),
        question.visitor().mayLogOut(), question.visitor().seesAll(),
        upstreams.stream().filter(question.visitor().mayPullWithin()).toList());
  }
}
