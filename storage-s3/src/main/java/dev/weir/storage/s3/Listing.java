package dev.weir.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

import dev.weir.storage.NameOrder;
import dev.weir.storage.ObjectStore.Child;

/**
 * What lies directly below a prefix, in the order of names, page by page. For one thread.
 *
 * <p>A bucket sorts what ends in a slash by that slash: {@code v1-rc/} before {@code v1/}. Within a page that is put right by
 * sorting. A prefix can come in a later page than names that belong behind it only where the last name of a page continues it
 * with something smaller than a slash ({@code v1-rc} for {@code v1}); whether there is such a one is asked at once.
 */
final class Listing implements Iterator<Child> {
  private static final int PAGE = 1000;
  private static final Comparator<Child> ORDER = Comparator.comparing(Child::name, NameOrder::compare)
      .thenComparing(Child::isPrefix);

  private final Bucket bucket;
  private final String below;
  private final String after;
  private final Deque<Child> ready = new ArrayDeque<>();
  /** Prefixes that were given before the bucket came to them. */
  private final Set<String> early = new HashSet<>();
  /** The last name that the bucket gave, as it sorts it. */
  private String reached;
  private boolean isOver;

  /** @param below ends in a slash */
  Listing(Bucket bucket, String below, String after) {
    this.bucket = bucket;
    this.below = below;
    this.after = after;
    this.reached = fit(after);
  }

  /** As much of it as a server can read: a client may ask for what follows anything, and a request is written as XML is. */
  private static String fit(String after) {
    int end = 0;
    while (end < after.length() && isFit(after.codePointAt(end))) {
      end += Character.charCount(after.codePointAt(end));
    }
    return after.substring(0, end);
  }

  private static boolean isFit(int codePoint) {
    return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
  }

  /** Asks for the first page. */
  Listing begin() throws IOException {
    load();
    return this;
  }

  @Override
  public boolean hasNext() {
    try {
      while (ready.isEmpty() && !isOver) {
        load();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return !ready.isEmpty();
  }

  @Override
  public Child next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void load() throws IOException {
    ListObjectsV2Response page = ask(below, reached.isEmpty() ? "" : below + reached, PAGE);
    List<Child> found = new ArrayList<>();
    page.contents().forEach(object -> add(found, object.key().substring(below.length()), false));
    page.commonPrefixes().forEach(prefix -> add(found, prefix.prefix().substring(below.length()), true));
    isOver = !Boolean.TRUE.equals(page.isTruncated());
    if (!isOver) {
      lookAhead(found);
    }
    found.stream().filter(child -> NameOrder.compare(child.name(), after) > 0 && isName(child.name())).sorted(ORDER)
        .forEach(ready::add);
  }

  /** @param rest of a key, behind this listing's prefix; of a prefix with its slash */
  private void add(List<Child> found, String rest, boolean isPrefix) {
    if (NameOrder.compare(rest, reached) > 0) {
      reached = rest;
    }
    String name = isPrefix ? rest.substring(0, rest.length() - 1) : rest;
    if (!isPrefix || !early.remove(name)) {
      found.add(new Child(name, isPrefix));
    }
  }

  private void lookAhead(List<Child> found) throws IOException {
    String last = reached.endsWith("/") ? reached.substring(0, reached.length() - 1) : reached;
    for (int i = 1; i < last.length(); i++) {
      String shorter = last.substring(0, i);
      if (last.charAt(i) < '/' && !early.contains(shorter) && NameOrder.compare(shorter, after) > 0
          && isPrefix(shorter)) {
        early.add(shorter);
        found.add(new Child(shorter, true));
      }
    }
  }

  private boolean isPrefix(String name) throws IOException {
    return !ask(below + name + "/", "", 1).contents().isEmpty();
  }

  private ListObjectsV2Response ask(String prefix, String startAfter, int most) throws IOException {
    ListObjectsV2Request.Builder request = ListObjectsV2Request.builder().bucket(bucket.name()).prefix(prefix)
        .maxKeys(most);
    if (most > 1) {
      request.delimiter("/");
    }
    if (!startAfter.isEmpty()) {
      request.startAfter(startAfter);
    }
    try {
      return bucket.quick().listObjectsV2(request.build());
    } catch (SdkException e) {
      throw bucket.failures().of("list " + prefix, e);
    }
  }

  /** Other programs may keep names here that no key of ours can have; a directory's marker has none at all. */
  private static boolean isName(String name) {
    return !name.isEmpty() && !name.equals(".") && !name.equals("..")
        && name.codePoints().allMatch(Listing::isFit);
  }
}
