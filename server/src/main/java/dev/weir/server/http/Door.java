package dev.weir.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.auth.Passwords.Verdict;
import dev.weir.auth.Who;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Finds out who asks, by HTTP's Basic scheme (RFC 7617), and asks for credentials where they are missing. Thread-safe. */
public final class Door {
  private static final Pattern BASIC = Pattern.compile("Basic +([A-Za-z0-9+/]+={0,2}) *", Pattern.CASE_INSENSITIVE);
  private static final String AUTHORIZATION = "Authorization";
  private static final String PAGES_OWN = "X-Weir-Page";

  private final Optional<String> challenge;
  private final PasswordCheck passwords;

  /** Tells whether a password is right; may take its time. */
  @FunctionalInterface
  public interface PasswordCheck {
    Verdict check(String user, byte[] secret, String address);
  }

  private Door(Optional<String> challenge, PasswordCheck passwords) {
    this.challenge = challenge;
    this.passwords = passwords;
  }

  /** Nobody is asked for credentials, and those that somebody sends are not looked at. */
  public static Door open() {
    return new Door(Optional.empty(), (user, secret, address) -> {
      throw new IllegalStateException("an open door checks no passwords");
    });
  }

  /** @param realm what clients are told they log in to; one line */
  public static Door withPasswords(String realm, PasswordCheck passwords) {
    String quoted = realm.replace("\\", "\\\\").replace("\"", "\\\"");
    // a header is bytes, and these are UTF-8
    String bytes = new String(quoted.getBytes(UTF_8), ISO_8859_1);
    return new Door(Optional.of("Basic realm=\"" + bytes + "\""), passwords);
  }

  /** Whether there is anything to log in with. */
  boolean asksForCredentials() {
    return challenge.isPresent();
  }

  /** Whether the client was asked, or knows by itself, and answered: with nothing, it may be. */
  static boolean answered(Exchange exchange) {
    return exchange.header(AUTHORIZATION).isPresent();
  }

  /**
   * Notes who asks.
   *
   * @throws RegistryException UNAUTHORIZED for credentials that are wrong, TOOMANYREQUESTS for a guess too many
   */
  void identify(Exchange exchange) throws RegistryException {
    Optional<String> field = exchange.header(AUTHORIZATION);
    if (field.isPresent() && asksForCredentials()) {
      exchange.identify(who(exchange, field.get()));
    }
  }

  /**
   * What to answer to somebody who is to come with credentials, or with others. The page at {@code /ui/} asks for them itself:
   * whenever a script of its hears of a challenge, the browser opens a dialog.
   */
  RegistryException unauthorized(Exchange exchange, String sentence) {
    if (exchange.header(PAGES_OWN).isEmpty()) {
      challenge.ifPresent(text -> exchange.always("WWW-Authenticate", text));
    }
    return new RegistryException(ErrorCode.UNAUTHORIZED, sentence);
  }

  private Who who(Exchange exchange, String field) throws RegistryException {
    byte[] pair = decode(exchange, field);
    int colon = indexOfColon(pair);
    if (colon == 0 && pair.length == 1) {
      // how containers/image says that it has none; it may have shown a certificate
      return exchange.who();
    }
    Optional<String> user = colon < 1 ? Optional.empty() : text(pair, colon);
    if (user.isEmpty()) {
      throw malformed(exchange);
    }
    Verdict verdict = passwords.check(user.get(), Arrays.copyOfRange(pair, colon + 1, pair.length), exchange.remote());
    return switch (verdict.kind()) {
      case RIGHT -> new Who.User(user.get());
      case WRONG -> throw unauthorized(exchange, "authentication required: user name or password is wrong");
      case LATER ->
        throw RegistryException.tooManyRequests("too many wrong passwords for this user or from this address",
            // whole seconds, and never too early
            Duration.ofSeconds(verdict.retryAfter().plusSeconds(1).minusNanos(1).toSeconds()));
    };
  }

  private byte[] decode(Exchange exchange, String field) throws RegistryException {
    Matcher basic = BASIC.matcher(field);
    if (!basic.matches()) {
      throw malformed(exchange);
    }
    try {
      return Base64.getDecoder().decode(basic.group(1));
    } catch (IllegalArgumentException e) {
      throw malformed(exchange);
    }
  }

  private RegistryException malformed(Exchange exchange) {
    return unauthorized(exchange, "authentication required: these are no credentials of HTTP's Basic scheme");
  }

  private static int indexOfColon(byte[] pair) {
    for (int i = 0; i < pair.length; i++) {
      if (pair[i] == ':') {
        return i;
      }
    }
    return -1;
  }

  private static Optional<String> text(byte[] bytes, int length) {
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
