package dev.weir.server.wiring;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What weir itself is called: {@code http.host}, and the names and addresses in the certificate in use, without a port or
 * with weir's own. Asks no name server. Thread-safe.
 *
 * @param certified those of the certificate that is in use when it is asked; addresses as the JDK writes them
 */
record OwnNames(Optional<URI> host, int port, Supplier<Set<String>> certified) implements Predicate<String> {
  private static final Pattern FORM = Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+))(?::([0-9]{1,5}))?");
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  @Override
  public boolean test(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return false;
    }
    String name = normal(form.group(1) != null ? form.group(1) : form.group(2));
    @Nullable
    String given = form.group(3);
    return isHost(name, given) || (isPort(given, port) && isCertified(name));
  }

  private boolean isHost(String name, @Nullable String given) {
    return host.isPresent() && name.equals(normal(host.get().getHost())) && isPort(given, portOf(host.get()));
  }

  private static boolean isPort(@Nullable String given, int own) {
    return given == null || Integer.parseInt(given) == own;
  }

  private static int portOf(URI address) {
    return address.getPort() >= 0 ? address.getPort() : "https".equals(address.getScheme()) ? HTTPS : HTTP;
  }

  /** A star stands for the first label. */
  private boolean isCertified(String name) {
    Set<String> names = certified.get();
    int dot = name.indexOf('.');
    return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
  }

  /** In lower case; an address as the JDK writes it, without brackets. */
  private static String normal(String host) {
    String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    try {
      return InetAddress.ofLiteral(bare).getHostAddress();
    } catch (IllegalArgumentException e) {
      return bare.toLowerCase(Locale.ROOT);
    }
  }
}
