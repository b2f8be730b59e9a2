package dev.weir.server.realclient;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The programs that a test runs. Where one is absent the test reports itself skipped and says which; with the
 * environment variable {@code WEIR_REQUIRE_REAL_CLIENTS=1} it fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ProgramsPresent.class)
public @interface NeedsPrograms {
  /** Names as a shell would look them up on PATH. */
  String[] value();
}
