package dev.weir.server.upstream;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.weir.server.oci.Asker;
import dev.weir.server.oci.Via;
import dev.weir.server.upstream.Call.Header;

/** Everything about calling a registry that does not depend on what is called: challenges, redirects, error answers. */
final class Caller {
  private static final int MOST_REDIRECTS = 5;

  private final UpstreamAddress upstream;
  private final Wire wire;
  private final Trust trust;
  private final Authorizer authorizer;
  private final InstantSource clock;
  /** What this weir calls itself in {@code Via}. */
  private final String self;

  Caller(UpstreamAddress upstream, Wire wire, Trust trust, Authorizer authorizer, InstantSource clock, String self) {
    this.self = self;
    this.upstream = upstream;
    this.wire = wire;
    this.trust = trust;
    this.authorizer = authorizer;
    this.clock = clock;
  }

  /** The answer to a call that succeeded, or to a ranged one that says that there are no such bytes. */
  Reply call(Call call) throws UpstreamException {
    return call(call, upstream.endpoint(call));
  }

  /** The same at an address that an earlier answer gave, which must be the upstream's own. */
  Reply call(Call call, URI address) throws UpstreamException {
    Reply reply = challenged(call, address);
    if (reply.status() / 100 == 2 || (reply.status() == 416 && call.isRanged())) {
      return reply;
    }
    try (reply) {
      if (reply.status() == 407) {
        throw UpstreamException.failed(call.action(), wire.proxyFor(reply.address()) + " wants other credentials ("
            + Failures.words(407) + ")");
      }
      throw isUpstream(reply.address())
          ? Failures.of(call.action(), reply, clock.instant())
          : Failures.elsewhere(call.action(), reply, clock.instant());
    }
  }

  private Reply challenged(Call call, URI address) throws UpstreamException {
    Authorization shown = authorizer.expected(call);
    Reply first = follow(call, address, shown);
    if (first.status() != 401 || !isUpstream(first.address())) {
      return first;
    }
    List<Challenge> challenges = Challenge.parse(first.lines("WWW-Authenticate"));
    drain(first);
    return follow(call, address, authorizer.answer(call, challenges, shown));
  }

  /** From the first address to the last. Once away from the upstream's own host, the authorization stays behind for good. */
  private Reply follow(Call call, URI start, Authorization authorization) throws UpstreamException {
    URI address = start;
    boolean isHome = isUpstream(start);
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Reply reply = send(call, address, headers(call, authorization, isHome));
      if (!isRedirect(reply.status())) {
        return reply;
      }
      address = next(call, reply);
      isHome = isHome && isUpstream(address);
    }
    throw UpstreamException.failed(call.action(), "more than " + MOST_REDIRECTS + " redirects");
  }

  private Reply send(Call call, URI address, List<Header> headers) throws UpstreamException {
    try {
      return wire.send(call.action(), call.method(), address, headers, call.isBulk());
    } catch (UpstreamException e) {
      throw isUpstream(address) ? e : e.asElsewhere();
    }
  }

  private URI next(Call call, Reply reply) throws UpstreamException {
    drain(reply);
    URI target = reply.header("Location").flatMap(location -> Locations.resolve(reply.address(), location))
        .orElseThrow(() -> UpstreamException.failed(call.action(), "a redirect to nowhere"));
    Optional<String> objection = trust.objection(reply.address(), target);
    if (objection.isPresent()) {
      throw UpstreamException.failed(call.action(), "a redirect to " + objection.get() + " is not followed");
    }
    return target;
  }

  private List<Header> headers(Call call, Authorization authorization, boolean isHome) {
    List<Header> headers = new ArrayList<>(call.headers());
    if (isHome) {
      Asker asker = Asker.current();
      headers.add(new Header(Via.HEADER, asker.via().then(self).toString()));
      if (!asker.requestId().isEmpty()) {
        headers.add(new Header(Asker.REQUEST_ID, asker.requestId()));
      }
      authorization.header().ifPresent(value -> headers.add(new Header("Authorization", value)));
    }
    return headers;
  }

  private boolean isUpstream(URI address) {
    return Origin.of(address).equals(upstream.origin());
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** So that the connection can be used again; a body that is not short is cut. */
  private static void drain(Reply reply) {
    try (reply) {
      reply.body().skipShort();
    } catch (UpstreamException e) {
      // the connection is gone: the next request makes another
    }
  }
}
