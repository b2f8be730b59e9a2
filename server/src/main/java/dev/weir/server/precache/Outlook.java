package dev.weir.server.precache;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;

import dev.weir.server.cache.DigestMismatch;
import dev.weir.server.cache.NoRoom;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

/** What a failure means for a job that could ask again. */
enum Outlook {
  /** Somebody has too much to do just now. */
  BUSY,
  /** It may well be gone in a while: a link that is broken, an upstream in trouble. */
  PASSING,
  /** No answer came in time, which may mean that others were served first. */
  LATE,
  /** What came was something else. Once more may help, again and again will not. */
  DAMAGED,
  /** It will be the same next time. */
  FINAL;

  static Outlook of(IOException failure) {
    if (NoRoom.isWhy(failure)) {
      return FINAL;
    }
    if (Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(DigestMismatch.class::isInstance)) {
      return DAMAGED;
    }
    if (failure instanceof RegistryException answer) {
      return switch (answer.status()) {
        case 429 -> BUSY;
        case 504 -> LATE;
        default -> answer.code() == ErrorCode.UNAVAILABLE ? PASSING : FINAL;
      };
    }
    return PASSING;
  }

  /** Whether it says that there is no such thing, or that nobody may know of it. */
  static boolean isAbsence(IOException failure) {
    return failure instanceof RegistryException answer && switch (answer.code()) {
      case MANIFEST_UNKNOWN, NAME_UNKNOWN, BLOB_UNKNOWN -> true;
      default -> false;
    };
  }
}
