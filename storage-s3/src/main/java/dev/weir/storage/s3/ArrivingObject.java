package dev.weir.storage.s3;

import java.io.InputStream;
import java.util.Optional;

import dev.weir.storage.Arriving;

/**
 * An object that is on its way here, past the SDK. What does not arrive is asked of the SDK, as is all of it if it is read.
 *
 * @param rest asks for that; if the object was replaced or deleted meanwhile, that fails
 */
record ArrivingObject(long size, Arrival arrival, ResumingInput.Asking rest) implements FarObject {
  @Override
  public InputStream read(long first, long end) {
    arrival.close();
    return new ResumingInput(rest, first, end);
  }

  @Override
  public Optional<Arriving> arriving() {
    return Optional.of(arrival);
  }

  @Override
  public void close() {
    arrival.close();
  }
}
