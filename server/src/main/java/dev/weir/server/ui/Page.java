package dev.weir.server.ui;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

import dev.weir.server.http.Exchange;
import dev.weir.server.http.Gate;
import dev.weir.server.http.Headers;
import dev.weir.server.http.RequestHandler;
import dev.weir.server.http.Visitor;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;

/** {@code /ui/}: files out of the jar, and under {@code data/} what they show. All of it by the gate's leave. */
public final class Page implements RequestHandler {
  private static final String ROOT = "/ui/";
  private static final String DATA = ROOT + "data/";
  /** Nothing from elsewhere, nothing inline, no frame around it: what an image says of itself stays text whatever it is. */
  private static final Map<String, String> ALWAYS = Map.of("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cross-Origin-Resource-Policy",
      "same-origin");

  private final Gate gate;
  private final PageFiles files;
  private final PageData data;
  private final Leaving leaving = new Leaving();

  public Page(Gate gate, PageFiles files, PageData data) {
    this.gate = gate;
    this.files = files;
    this.data = data;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    ALWAYS.forEach(exchange::always);
    if (!exchange.method().equals("GET") && !exchange.isHead()) {
      throw new RegistryException(ErrorCode.UNSUPPORTED, exchange.path() + " can only be read");
    }
    try {
      open(exchange, exchange.path());
    } catch (RegistryException e) {
      if (e.code() != ErrorCode.UNAUTHORIZED || !exchange.header("Accept").orElse("").contains("text/html")) {
        throw e;
      }
      // what a browser shows to who goes on without credentials
      files.loggedOut().answer(exchange, 401);
    }
  }

  private void open(Exchange exchange, String path) throws IOException {
    if (path.equals("/ui")) {
      exchange.respond(308, Headers.of("Location", ROOT));
    } else if (path.equals(ROOT + "login")) {
      gate.requireLogIn(exchange);
      begin(exchange);
    } else if (path.equals(ROOT + "logout")) {
      logOut(exchange);
    } else {
      show(exchange, gate.visit(exchange), path);
    }
  }

  private static void begin(Exchange exchange) throws IOException {
    exchange.respond(302, Headers.of("Location", ROOT).and("Cache-Control", "no-store"));
  }

  /** Refused once; whoever the browser then says that he is goes on as that. */
  private void logOut(Exchange exchange) throws IOException {
    if (gate.visit(exchange).mayLogOut() && leaving.begins(exchange.query().getOrDefault("turn", ""))) {
      throw gate.refuse(exchange);
    }
    gate.requireLogIn(exchange);
    begin(exchange);
  }

  private void show(Exchange exchange, Visitor visitor, String path) throws IOException {
    if (path.startsWith(DATA)) {
      data.answer(exchange, visitor, path.substring(DATA.length()));
      return;
    }
    Optional<PageFile> file = files.find(path.substring(ROOT.length()));
    file.orElseThrow(() -> new RegistryException(ErrorCode.NAME_UNKNOWN, "weir's page has nothing at " + path))
        .answer(exchange);
  }
}
