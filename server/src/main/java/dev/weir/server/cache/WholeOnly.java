package dev.weir.server.cache;

/** A blob of which nobody gets a part, since parts that were given out before turned out to be damaged. */
record WholeOnly(BlobBody body) implements WrappedBody {
  @Override
  public boolean isWholeOnly() {
    return true;
  }
}
