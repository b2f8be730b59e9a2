package dev.weir.server.ui;

import java.util.Locale;
import java.util.Map;

import dev.weir.server.http.Exchange;
import dev.weir.server.http.Visitor;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.storage.Digest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * What the page asks.
 *
 * @param values of the query, as somebody wrote them
 * @param host that the browser has the page from, by its own word
 */
record Question(Visitor visitor, Map<String, String> values, String host) {
  private static final int MOST = 200;
  private static final int USUAL = 100;

  static Question of(Exchange exchange, Visitor visitor) {
    return new Question(visitor, exchange.query(), exchange.header("Host").orElse(""));
  }

  String text(String key) {
    return values.getOrDefault(key, "");
  }

  /** How many rows at most. */
  int rows() throws RegistryException {
    String text = text("n");
    if (text.isEmpty()) {
      return USUAL;
    }
    try {
      return Math.clamp(Integer.parseInt(text), 1, MOST);
    } catch (NumberFormatException e) {
      throw new RegistryException(ErrorCode.PAGINATION_NUMBER_INVALID, "n is a number of rows", e);
    }
  }

  /**
   * The repository in question, which the visitor may pull from.
   *
   * @throws RegistryException NAME_INVALID, or DENIED
   */
  RepositoryName repository() throws RegistryException {
    RepositoryName name = parsed();
    if (!visitor.mayPull().test(name)) {
      throw new RegistryException(ErrorCode.DENIED,
          who() + " may not pull from " + name + ": no rule allows it");
    }
    return name;
  }

  private String who() {
    return visitor.user().equals("-") ? "a visitor without credentials" : visitor.user();
  }

  private RepositoryName parsed() throws RegistryException {
    try {
      return RepositoryName.parse(text("repository"));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.NAME_INVALID, String.valueOf(e.getMessage()), e);
    }
  }

  /** A tag or a digest. */
  Reference reference() throws RegistryException {
    String text = text("reference");
    try {
      return text.contains(":") ? Digest.parse(text) : Tag.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN, String.valueOf(e.getMessage()), e);
    }
  }

  /** What is searched for: every one of these words, in lower case. */
  String[] words() {
    return text("q").toLowerCase(Locale.ROOT).strip().split("\\s+");
  }

  /** @throws RegistryException DENIED unless the visitor may see what concerns weir as a whole */
  void requireAll() throws RegistryException {
    if (!visitor.seesAll()) {
      throw new RegistryException(ErrorCode.DENIED, who()
          + " may not see what concerns weir as a whole: that takes the action admin over **");
    }
  }
}
