package dev.weir.server.ui;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.weir.server.oci.ErrorCode;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.space.Holdings;
import dev.weir.storage.Content;
import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.Digest;
import dev.weir.storage.Manifest;
import dev.weir.storage.Reference;
import dev.weir.storage.RepositoryName;
import dev.weir.storage.Tag;

/** What is held of a repository. Looks at files; asks nobody, and changes nothing. */
public final class Images {
  private static final long NEVER = 1_000;

  private final Content content;
  private final Holdings holdings;
  private final boolean holdingsTellAll;
  private final LongSupplier nanoTime;

  /** @param holdingsTellAll as for {@link Repositories} */
  public Images(Content content, Holdings holdings, boolean holdingsTellAll, LongSupplier nanoTime) {
    this.content = content;
    this.holdings = holdings;
    this.holdingsTellAll = holdingsTellAll;
    this.nanoTime = nanoTime;
  }

  /**
   * A tag.
   *
   * @param keeping {@code owned}, {@code cached} or {@code pinned}; null: its manifest is not here
   * @param size in bytes, of all that it names; null: not known
   * @param platforms of an index, or none
   * @param written when its bytes came here; null: not known
   */
  record TagRow(String tag, String digest, @Nullable String keeping, String kind, @Nullable Long size,
      List<String> platforms, @Nullable String written) {}

  /** @param next as for {@link Repositories.View} */
  record Tags(String repository, List<TagRow> tags, @Nullable String next) {}

  /** A page is shorter where its tags take more effort than one answer may cost. */
  Tags tags(Question question) throws IOException {
    RepositoryName name = question.repository();
    int rows = question.rows();
    Effort effort = new Effort(nanoTime);
    Sizes sizes = new Sizes(content, name, effort);
    List<Tag> listed = listed(name, question.text("last"), question.words(), rows + 1L);
    List<TagRow> found = new ArrayList<>();
    for (int i = 0; i < listed.size(); i++) {
      if (i == rows || (i > 0 && !effort.isLeft())) {
        return new Tags(name.value(), found, listed.get(i - 1).value());
      }
      Optional<Digest> target = content.tags().resolve(name, listed.get(i));
      if (target.isPresent()) {
        found.add(row(name, listed.get(i), target.get(), effort, sizes));
      }
    }
    return new Tags(name.value(), found, null);
  }

  private List<Tag> listed(RepositoryName name, String last, String[] words, long most) throws IOException {
    try (Stream<Tag> all = content.tags().list(name, last)) {
      return all.filter(each -> matches(each.value(), words)).limit(most).toList();
    }
  }

  private static boolean matches(String text, String[] words) {
    return Stream.of(words).allMatch(text.toLowerCase(Locale.ROOT)::contains);
  }

  private TagRow row(RepositoryName name, Tag tag, Digest digest, Effort effort, Sizes sizes) throws IOException {
    Optional<Manifest> manifest = content.manifests().get(name, digest);
    effort.read(manifest.map(held -> held.content().length).orElse(0));
    if (manifest.isEmpty()) {
      return new TagRow(tag.value(), digest.toString(), null, "absent", null, List.of(), null);
    }
    Said said = Said.of(manifest.get());
    return new TagRow(tag.value(), digest.toString(), word(content.manifests().keeping(name, digest)), said.kind(),
        sizes.of(said), said.platforms(), written(digest));
  }

  private @Nullable String written(Digest digest) throws IOException {
    return content.inventory().written(digest).map(Instant::toString).orElse(null);
  }

  static String word(Keeping keeping) {
    return keeping.name().toLowerCase(Locale.ROOT);
  }

  /** @param used when it was last asked for; null: not known */
  record HeldRow(String digest, String keeping, @Nullable String used) {}

  /** @param matching how many there are in all; null: not known, since not all were looked at */
  record HeldImages(String repository, List<HeldRow> images, @Nullable Integer matching) {}

  /** What a repository has, by digest; where all is known, what was asked for last first. */
  HeldImages held(Question question) throws IOException {
    RepositoryName name = question.repository();
    return holdingsTellAll && holdings.isWhole()
        ? known(name, question.words(), question.rows())
        : walked(name, question.words(), question.rows());
  }

  private HeldImages known(RepositoryName name, String[] words, int rows) {
    List<HeldRow> matching = holdings.imagesIn(name).stream()
        .sorted(Comparator.comparingLong(Holdings.Used::usedAt).reversed()).map(Images::row)
        .filter(row -> matches(row.digest(), words)).toList();
    return new HeldImages(name.value(), matching.stream().limit(rows).toList(), matching.size());
  }

  private HeldImages walked(RepositoryName name, String[] words, int rows) throws IOException {
    Effort effort = new Effort(nanoTime);
    List<HeldRow> found = new ArrayList<>();
    boolean[] isOver = {true};
    content.inventory().revisions(name, each -> {
      effort.read(0);
      if (matches(each.digest().toString(), words)) {
        found.add(new HeldRow(each.digest().toString(), word(each.keeping()), null));
      }
      isOver[0] = effort.isLeft() && found.size() <= rows;
      return isOver[0];
    });
    return new HeldImages(name.value(), found.stream().limit(rows).toList(), isOver[0] ? found.size() : null);
  }

  private static HeldRow row(Holdings.Used image) {
    return new HeldRow(image.digest().toString(), word(image.keeping()),
        image.usedAt() <= NEVER ? null : Instant.ofEpochMilli(image.usedAt()).toString());
  }

  /** @throws RegistryException MANIFEST_UNKNOWN if it is not held, whatever upstream has */
  ImageView one(Question question) throws IOException {
    RepositoryName name = question.repository();
    Reference reference = question.reference();
    Optional<Digest> digest = switch (reference) {
      case Tag tag -> content.tags().resolve(name, tag);
      case Digest exact -> Optional.of(exact);
    };
    Optional<Manifest> manifest = digest.isPresent() ? content.manifests().get(name, digest.get()) : Optional.empty();
    if (manifest.isEmpty()) {
      throw new RegistryException(ErrorCode.MANIFEST_UNKNOWN, name + " holds nothing called " + reference + " here");
    }
    return new ImageReading(content, name, new Effort(nanoTime)).view(reference, manifest.get());
  }
}
