package dev.weir.server.space;

import java.time.InstantSource;
import java.util.function.Consumer;

import dev.weir.storage.ContentListener;

/** An index that knows all there is, for tests of those who ask it. */
public final class WholeHoldings {
  private WholeHoldings() {}

  /** @param told what there is */
  public static Holdings filled(Consumer<ContentListener> told) {
    Holdings holdings = new Holdings(InstantSource.system());
    holdings.walkBegins();
    told.accept(holdings);
    holdings.walkEnded();
    return holdings;
  }
}
