package dev.weir.server.upstream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.weir.server.oci.Referrer;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/**
 * A registry and its mirrors, which are asked first. Whatever a mirror says instead of giving the thing, the next is
 * asked; what the registry itself says is the answer. Those that are in trouble are asked when all others failed; and the
 * registry itself not at all while it is in trouble and a mirror is not: then its trouble is the answer. Lists are asked of
 * the registry itself first, since a mirror's may be short and does not say so. Thread-safe.
 */
public final class MirroredRegistry implements AskedRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(MirroredRegistry.class);

  private final List<GuardedRegistry> mirrors;
  private final GuardedRegistry itself;

  /** @param mirrors in the order in which they are asked */
  public MirroredRegistry(List<GuardedRegistry> mirrors, GuardedRegistry itself) {
    this.mirrors = List.copyOf(mirrors);
    this.itself = itself;
  }

  @Override
  public String name() {
    return itself.name();
  }

  @Override
  public List<Tag> tags(RepositoryName repository) throws UpstreamException {
    return askItselfBefore(mirrors, host -> host.tags(repository));
  }

  @Override
  public List<Referrer> referrers(RepositoryName repository, Digest subject) throws UpstreamException {
    return askItselfBefore(mirrors, host -> host.referrers(repository, subject));
  }

  @Override
  public void ping() throws UpstreamException {
    ask(host -> {
      host.ping();
      return true;
    });
  }

  @Override
  public boolean isDown() {
    return hosts().stream().allMatch(UpstreamRegistry::isDown);
  }

  @Override
  public void givenUp(Duration howLong) {
    hosts().forEach(host -> host.givenUp(howLong));
  }

  @Override
  public List<UpstreamRegistry> hosts() {
    return Stream.concat(mirrors.stream(), Stream.of(itself)).map(UpstreamRegistry.class::cast).toList();
  }

  @Override
  public void close() {
    hosts().forEach(UpstreamRegistry::close);
  }

  @Override
  public <T> T ask(Question<T> question) throws UpstreamException {
    List<GuardedRegistry> inTrouble = new ArrayList<>();
    boolean mirrorAnswered = false;
    for (GuardedRegistry mirror : mirrors) {
      if (mirror.isDown()) {
        inTrouble.add(mirror);
        continue;
      }
      try {
        return question.ask(mirror);
      } catch (UpstreamException e) {
        mirrorAnswered |= !e.isOutage();
        LOG.debug("the next is asked after {}", e.sentence());
      }
    }
    return askItself(question, mirrorAnswered, inTrouble);
  }

  private <T> T askItself(Question<T> question, boolean mirrorAnswered, List<GuardedRegistry> inTrouble)
      throws UpstreamException {
    if (mirrorAnswered && itself.isDown()) {
      Optional<UpstreamException> outage = itself.outage();
      if (outage.isPresent()) {
        throw outage.get();
      }
    }
    return askItselfBefore(inTrouble, question);
  }

  private <T> T askItselfBefore(List<GuardedRegistry> others, Question<T> question)
      throws UpstreamException {
    try {
      return question.ask(itself);
    } catch (UpstreamException e) {
      if (!e.isOutage()) {
        throw e;
      }
      return askLast(question, others, e);
    }
  }

  private static <T> T askLast(Question<T> question, List<GuardedRegistry> others, UpstreamException said)
      throws UpstreamException {
    for (GuardedRegistry mirror : others) {
      try {
        return question.ask(mirror);
      } catch (UpstreamException e) {
        LOG.debug("nor has this an answer: {}", e.sentence());
      }
    }
    throw said;
  }
}
