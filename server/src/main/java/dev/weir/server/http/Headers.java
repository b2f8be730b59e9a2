package dev.weir.server.http;

import java.util.ArrayList;
import java.util.List;

/** The header fields of an answer, in the order in which they are sent. */
public record Headers(List<Field> fields) {
  /** One line. */
  public record Field(String name, String value) {}

  public static final Headers NONE = new Headers(List.of());

  public Headers {
    fields = List.copyOf(fields);
  }

  public static Headers of(String name, String value) {
    return NONE.and(name, value);
  }

  /** These and one more. */
  public Headers and(String name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(more);
  }

  /** These, then {@code others}. */
  public Headers and(Headers others) {
    List<Field> more = new ArrayList<>(fields);
    more.addAll(others.fields);
    return new Headers(more);
  }
}
