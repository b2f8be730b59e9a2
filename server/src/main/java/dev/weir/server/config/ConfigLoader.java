package dev.weir.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a configuration file and the variables over it. Touches no other file. */
public final class ConfigLoader {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private ConfigLoader() {}

  /** @throws ConfigException with everything that keeps weir from starting with {@code file} */
  public static Loaded load(Path file, Map<String, String> environment) throws ConfigException {
    return load(file.toString(), read(file), environment);
  }

  static Loaded load(String name, String text, Map<String, String> environment) throws ConfigException {
    Findings findings = new Findings();
    Node tree = new Overlay(findings).apply(parse(name, text), environment);
    new Check(tree, findings).run();
    WeirConfig config = new Binder(tree, findings).bind();
    if (!findings.problems().isEmpty()) {
      throw new ConfigException(name, findings.problems());
    }
    return new Loaded(config, findings.warnings(), new Secret(text), tree);
  }

  private static Node parse(String name, String text) throws ConfigException {
    String yaml = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    try {
      return Shorthand.expandIn(YamlTree.parse(yaml, line -> Origin.line(name, line)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name, List.of(String.valueOf(e.getMessage())));
    }
  }

  private static String read(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), List.of("there is no such file"));
    } catch (CharacterCodingException e) {
      throw new ConfigException(file.toString(), List.of("the file is not UTF-8 text"));
    } catch (IOException e) {
      throw new ConfigException(file.toString(), List.of("the file cannot be read: " + e.getMessage()));
    }
  }
}
