package dev.weir.server.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the page, from the jar, and in memory from when somebody first asks for them. */
public final class PageFiles {
  private static final String START = "index.html";
  private static final String LOGGED_OUT = "logged-out.html";
  private static final Set<String> NAMES = Set.of(START, LOGGED_OUT, "weir.css", "weir.svg", "main.js", "dom.js",
      "data.js",
      "words.js", "overview.js", "repositories.js", "repository.js", "image.js", "plot.js", "commands.js");
  private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
      "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  private static PageFile read(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("weir's page lacks its file " + name + ": this build of weir is broken");
      }
      return new PageFile(TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What somebody sees whom weir does not know. */
  PageFile loggedOut() {
    return files.computeIfAbsent(LOGGED_OUT, PageFiles::read);
  }

  /** @param name below the page's root; empty: where it starts */
  Optional<PageFile> find(String name) {
    return Optional.of(name.isEmpty() ? START : name).filter(NAMES::contains)
        .map(known -> files.computeIfAbsent(known, PageFiles::read));
  }
}
