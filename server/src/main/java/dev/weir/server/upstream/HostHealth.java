package dev.weir.server.upstream;

import java.time.Instant;

/** A host as those who asked it last found it. */
public sealed interface HostHealth {
  /** Nobody asked it since the start. */
  record NotAsked() implements HostHealth {}

  /** It answers. */
  record Answers() implements HostHealth {}

  /** It wants no requests for a moment. */
  record Away() implements HostHealth {}

  /** @param why what went wrong last */
  record Down(Instant since, UpstreamException why) implements HostHealth {}
}
