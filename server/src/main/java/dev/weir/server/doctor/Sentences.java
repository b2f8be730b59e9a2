package dev.weir.server.doctor;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

import org.jspecify.annotations.Nullable;

/** Exceptions in words. */
final class Sentences {
  private Sentences() {}

  static String of(@Nullable Throwable trouble) {
    return switch (trouble) {
      case null -> "no reason is known";
      case NoSuchFileException e -> e.getMessage() + " is not there";
      case AccessDeniedException e -> e.getMessage() + " may not be read by this user";
      default -> trouble.getMessage() == null ? trouble.getClass().getSimpleName() : trouble.getMessage();
    };
  }
}
