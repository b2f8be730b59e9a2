package dev.weir.server.ui;

import java.io.IOException;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.weir.server.http.Exchange;
import dev.weir.server.http.Headers;
import dev.weir.server.http.Visitor;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

/** What the page shows, as JSON, one answer for each of its parts. It is the page's own: no contract, and read only. */
public final class PageData {
  private static final Headers JSON = Headers.of("Content-Type", "application/json").and("Cache-Control", "no-store");

  /** Made when the page is first asked for: no start waits for it. */
  private static final class Mapper {
    static final ObjectMapper JSON = JsonMapper.builder()
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
        .build();
  }

  private final Map<String, Part> parts;

  /** One part of the page. */
  @FunctionalInterface
  interface Part {
    /** What it shows, as a record. */
    Object answer(Question question) throws IOException;
  }

  PageData(Map<String, Part> parts) {
    this.parts = Map.copyOf(parts);
  }

  /** Everything that there is to show. */
  public static PageData of(Site site, Repositories repositories, Images images, Standing standing, History history,
      Commands commands) {
    return new PageData(Map.of("site", site::show, "repositories", repositories::list, "tags", images::tags, "images",
        images::held, "image", images::one, "standing", standing::show, "hour", question -> {
          question.requireAll();
          return history.hour();
        }, "week", question -> {
          question.requireAll();
          return history.week();
        }, "commands", commands::show));
  }

  void answer(Exchange exchange, Visitor visitor, String name) throws IOException {
    Part part = parts.get(name);
    if (part == null) {
      throw new RegistryException(ErrorCode.NAME_UNKNOWN, "weir's page has no data at " + exchange.path());
    }
    exchange.respond(200, JSON, Mapper.JSON.writeValueAsBytes(part.answer(Question.of(exchange, visitor))));
  }
}
