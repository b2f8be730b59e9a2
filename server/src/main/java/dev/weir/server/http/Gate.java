package dev.weir.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.weir.auth.AccessRules;
import dev.weir.auth.Action;
import dev.weir.auth.Who;
import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.push.PushPolicy;
import dev.weir.server.registry.AddressBook;
import dev.weir.storage.RepositoryName;

/**
 * Who comes in and what each request takes: the one place that knows. A request is handled only after it has come
 * through here. Thread-safe; {@link #identify} may take the time of a password check.
 *
 * <p>Where credentials are asked for, a ping without any is answered 401 even if rules let everybody in somewhere:
 * clients read from the ping alone whether they are to send what they have, and after a 200 never would.
 */
public final class Gate {
  private final Door door;
  private final Supplier<AccessRules> rules;
  private final AddressBook book;
  private final Addresses addresses;
  private final PushPolicy policy;

  /** @param rules those in force when it is asked */
  public Gate(Door door, Supplier<AccessRules> rules, AddressBook book, PushPolicy policy) {
    this.door = door;
    this.rules = rules;
    this.book = book;
    this.addresses = new Addresses(book);
    this.policy = policy;
  }

  /**
   * Notes who asks, before anything else is looked at.
   *
   * @throws RegistryException UNAUTHORIZED also for a client without credentials, where nobody without may do anything
   */
  void identify(Exchange exchange) throws RegistryException {
    door.identify(exchange);
    if (mightLogIn(exchange) && !rules.get().allowAnything(exchange.who())) {
      throw door.unauthorized(exchange, "authentication required");
    }
  }

  /**
   * The request as the one who asks may make it: a mount from a repository that is not to be pulled from becomes an
   * upload like any other.
   *
   * @throws RegistryException UNAUTHORIZED or DENIED
   */
  OciRequest permit(Exchange exchange, OciRequest request) throws RegistryException {
    return switch (request) {
      case OciRequest.Ping ping -> permitPing(exchange, ping);
      case OciRequest.Catalog catalog -> catalog; // shows what may be pulled
      case OciRequest.GetManifest get -> require(Action.PULL, exchange, get);
      case OciRequest.GetBlob get -> require(Action.PULL, exchange, get);
      case OciRequest.HeadBlob head -> require(Action.PULL, exchange, head);
      case OciRequest.ListTags list -> require(Action.PULL, exchange, list);
      case OciRequest.ListReferrers list -> require(Action.PULL, exchange, list);
      case OciRequest.PutManifest put -> require(Action.PUSH, exchange, put);
      case OciRequest.StartUpload start -> withoutForeignMount(exchange, require(Action.PUSH, exchange, start));
      case OciRequest.UploadStatus status -> require(Action.PUSH, exchange, status);
      case OciRequest.PatchUpload patch -> require(Action.PUSH, exchange, patch);
      case OciRequest.FinishUpload finish -> require(Action.PUSH, exchange, finish);
      case OciRequest.CancelUpload cancel -> require(Action.PUSH, exchange, cancel);
      case OciRequest.DeleteManifest delete -> require(Action.DELETE, exchange, delete);
      case OciRequest.DeleteBlob delete -> require(Action.DELETE, exchange, delete);
    };
  }

  /** Which repositories the one who asks may pull from. */
  Predicate<RepositoryName> pullable(Exchange exchange) {
    AccessRules inForce = rules.get();
    Who who = exchange.who();
    return name -> inForce.allow(who, Action.PULL, name.value());
  }

  /**
   * For what concerns weir as a whole.
   *
   * @throws RegistryException UNAUTHORIZED or DENIED
   */
  public void requireAdministration(Exchange exchange) throws RegistryException {
    door.identify(exchange);
    if (rules.get().allowAdministration(exchange.who())) {
      return;
    }
    if (mightLogIn(exchange)) {
      throw door.unauthorized(exchange, "authentication required");
    }
    throw new RegistryException(ErrorCode.DENIED, exchange.who() instanceof Who.User
        ? exchange.user() + " may not look at " + exchange.path() + ": that takes the action admin over **"
        : exchange.path() + " is for users with the action admin, and without auth.htpasswd there are none");
  }

  /**
   * For who looks around: what he may see.
   *
   * @throws RegistryException UNAUTHORIZED
   */
  public Visitor visit(Exchange exchange) throws RegistryException {
    identify(exchange);
    AccessRules inForce = rules.get();
    return new Visitor(exchange.user(), mightLogIn(exchange), hasPassword(exchange),
        (inForce.rules().isEmpty() && !inForce.usersExist()) || inForce.allowAdministration(exchange.who()),
        pullable(exchange), first -> inForce.allowWithin(exchange.who(), Action.PULL, first));
  }

  /**
   * For who has seen what everybody may, and has credentials.
   *
   * @throws RegistryException UNAUTHORIZED
   */
  public void requireLogIn(Exchange exchange) throws RegistryException {
    door.identify(exchange);
    if (mightLogIn(exchange)) {
      throw door.unauthorized(exchange, "authentication required");
    }
  }

  /**
   * For who wants to be somebody else: browsers forget credentials that are refused, and ask for others. Where none can be had,
   * nothing is to be forgotten.
   */
  public RegistryException refuse(Exchange exchange) {
    return door.unauthorized(exchange, "logged out");
  }

  private boolean hasPassword(Exchange exchange) {
    return door.asksForCredentials() && Door.answered(exchange) && exchange.who() instanceof Who.User;
  }

  private boolean mightLogIn(Exchange exchange) {
    return door.asksForCredentials() && exchange.who() instanceof Who.Anybody;
  }

  private OciRequest permitPing(Exchange exchange, OciRequest.Ping ping) throws RegistryException {
    if (mightLogIn(exchange) && !Door.answered(exchange)) {
      throw door.unauthorized(exchange, "authentication required");
    }
    return ping;
  }

  private <T extends OciRequest.InRepository> T require(Action action, Exchange exchange, T request)
      throws RegistryException {
    RepositoryName name = book.nameOf(request.repository());
    if (!rules.get().allow(exchange.who(), action, name.value())) {
      throw refusal(action, exchange, name);
    }
    return request;
  }

  private RegistryException refusal(Action action, Exchange exchange, RepositoryName name) throws RegistryException {
    String what = action.name().toLowerCase(Locale.ROOT) + (action == Action.PUSH ? " to " : " from ") + name;
    if (mightLogIn(exchange)) {
      return door.unauthorized(exchange, "authentication required to " + what);
    }
    if (action != Action.PULL) {
      // a registry that takes no pushes at all says that rather than who may not
      policy.requirePush(exchange.who(), name);
    }
    String who = exchange.who() instanceof Who.User ? exchange.user() : "a client without credentials";
    return new RegistryException(ErrorCode.DENIED, who + " may not " + what + ": no rule allows it");
  }

  private OciRequest withoutForeignMount(Exchange exchange, OciRequest.StartUpload start) {
    boolean foreign = start.mount().isPresent() && start.from().isPresent()
        && addresses.mountSource(start).filter(pullable(exchange)).isEmpty();
    return foreign
        ? new OciRequest.StartUpload(start.repository(), start.digest(), Optional.empty(), Optional.empty())
        : start;
  }
}
