package dev.weir.server.ui;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The files of the page, from the jar, in memory. */
public final class PageFiles {
  private static final String START = "index.html";
  private static final String LOGGED_OUT = "logged-out.html";
  private static final List<String> NAMES = List.of(START, LOGGED_OUT, "weir.css", "weir.svg", "main.js", "dom.js",
      "data.js",
      "words.js", "overview.js", "repositories.js", "repository.js", "image.js", "plot.js", "commands.js");
  private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
      "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  public PageFiles() throws IOException {
    for (String name : NAMES) {
      files.put(name, new PageFile(TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""), read(name)));
    }
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("weir's page lacks its file " + name + ": this build of weir is broken");
      }
      return in.readAllBytes();
    }
  }

  /** What somebody sees whom weir does not know. */
  PageFile loggedOut() {
    return Objects.requireNonNull(files.get(LOGGED_OUT));
  }

  /** @param name below the page's root; empty: where it starts */
  Optional<PageFile> find(String name) {
    return Optional.ofNullable(files.get(name.isEmpty() ? START : name));
  }
}
