package dev.weir.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Checks user names and passwords against a htpasswd file, which is taken up anew when it changes.
 *
 * <p>A password that was found right is known again at once, as long as the user's entry stands. Any other is a guess:
 * guesses are limited, the same one is evaluated once however many ask at a time, and none tells by its time whether
 * the user exists.
 *
 * <p>Thread-safe. {@link #check} blocks while a guess is evaluated, on few threads kept for that.
 */
public final class Passwords implements AutoCloseable {
  private static final int MOST_WAITING = 256;
  private static final int LONGEST_NAME = 255;
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final FollowedFile<PasswordFile> file;
  private final Hashing hashing;
  private final VerifiedSecrets verified = new VerifiedSecrets(new SecureRandom());
  private final GuessLimit limit;
  private final ThreadPoolExecutor threads;
  /** Guesses under way, by fingerprint and entry. */
  private final ConcurrentMap<String, CompletableFuture<Verdict>> running = new ConcurrentHashMap<>();

  /** What a check came to. */
  public enum Kind {
    RIGHT, WRONG, LATER
  }

  /** @param retryAfter until the next guess may be made, where this one was not evaluated */
  public record Verdict(Kind kind, Duration retryAfter) {
    static final Verdict RIGHT = new Verdict(Kind.RIGHT, Duration.ZERO);
    static final Verdict WRONG = new Verdict(Kind.WRONG, Duration.ZERO);
  }

  /** The slow part. */
  interface Hashing {
    boolean matches(String hash, byte[] secret);

    /** Takes as long as {@link #matches} at this cost. */
    void spend(int cost);
  }

  private static final Hashing BCRYPT = new Hashing() {
    @Override
    public boolean matches(String hash, byte[] secret) {
      return Bcrypt.matches(hash, secret);
    }

    @Override
    public void spend(int cost) {
      Bcrypt.spend(cost);
    }
  };

  /**
   * Reads the file.
   *
   * @param warn takes sentences for the log; none holds a secret
   * @throws IOException if the file is not there or of no use
   */
  public Passwords(Path file, InstantSource clock, Consumer<String> warn) throws IOException {
    this(file, clock, System::nanoTime, warn, BCRYPT);
  }

  Passwords(Path file, InstantSource clock, LongSupplier nanoTime, Consumer<String> warn, Hashing hashing)
      throws IOException {
    Complaints complaints = new Complaints(file, warn);
    this.file = new FollowedFile<>("password file", file, complaints::parse, clock, warn);
    this.hashing = hashing;
    this.limit = new GuessLimit(nanoTime);
    int cores = Runtime.getRuntime().availableProcessors();
    this.threads = new ThreadPoolExecutor(Math.max(1, cores / 2), Math.max(1, cores / 2), 30, TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING), Thread.ofPlatform().daemon().name("password-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Says once what is of no use in the file, until that changes. */
  private record Complaints(Path file, Consumer<String> warn, AtomicReference<List<String>> said) {
    Complaints(Path file, Consumer<String> warn) {
      this(file, warn, new AtomicReference<>(List.of()));
    }

    PasswordFile parse(byte[] content) {
      PasswordFile parsed = PasswordFile.parse(content);
      List<String> before = said.getAndSet(parsed.complaints());
      parsed.complaints().stream().filter(complaint -> before == null || !before.contains(complaint))
          .forEach(complaint -> warn.accept("password file " + file + ", " + complaint));
      return parsed;
    }
  }

  /** How many can log in as things stand. */
  public int users() {
    return file.current().hashes().size();
  }

  /** @param address of whoever asks */
  public Verdict check(String user, byte[] secret, String address) {
    if (user.length() > LONGEST_NAME) {
      return Verdict.WRONG;
    }
    PasswordFile known = file.current();
    Optional<String> hash = known.hash(user);
    String fingerprint = verified.fingerprint(user, secret);
    if (isVerified(fingerprint, hash)) {
      return Verdict.RIGHT;
    }
    return once(fingerprint + hash.orElse(""), () -> {
      // whoever evaluated it meanwhile has left it there before letting others begin
      return isVerified(fingerprint, hash) ? Verdict.RIGHT : guess(known, user, secret, address, fingerprint);
    });
  }

  /** Runs it, or waits for what the one who runs it finds. */
  private Verdict once(String key, Supplier<Verdict> guess) {
    CompletableFuture<Verdict> mine = new CompletableFuture<>();
    CompletableFuture<Verdict> other = running.putIfAbsent(key, mine);
    if (other != null) {
      return other.join();
    }
    try {
      mine.complete(guess.get());
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
    } finally {
      running.remove(key, mine);
    }
    return mine.join();
  }

  private boolean isVerified(String fingerprint, Optional<String> hash) {
    return hash.isPresent() && verified.holds(fingerprint, hash.get());
  }

  private Verdict guess(PasswordFile known, String user, byte[] secret, String address, String fingerprint) {
    Duration wait = limit.take(user, address);
    if (!wait.isZero()) {
      return new Verdict(Kind.LATER, wait);
    }
    try {
      boolean right = CompletableFuture.supplyAsync(() -> evaluate(known, user, secret), threads).join();
      if (right) {
        limit.giveBack(user, address);
        known.hash(user).ifPresent(hash -> verified.add(fingerprint, hash));
      }
      return right ? Verdict.RIGHT : Verdict.WRONG;
    } catch (RejectedExecutionException e) {
      limit.giveBack(user, address);
      return new Verdict(Kind.LATER, BUSY);
    }
  }

  /** Wrong takes the same time for everybody: 2^c + (2^c + 2^(c+1) + … + 2^(highest-1)) = 2^highest. */
  private boolean evaluate(PasswordFile known, String user, byte[] secret) {
    Optional<String> hash = known.hash(user);
    if (hash.isEmpty()) {
      hashing.spend(known.highestCost());
      return false;
    }
    if (hashing.matches(hash.get(), secret)) {
      return true;
    }
    for (int cost = Bcrypt.cost(hash.get()); cost < known.highestCost(); cost++) {
      hashing.spend(cost);
    }
    return false;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
