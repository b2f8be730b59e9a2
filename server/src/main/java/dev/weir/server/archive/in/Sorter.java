package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.weir.server.archive.DistributionTree;
import dev.weir.server.archive.OcTree;
import dev.weir.storage.Digest;
import dev.weir.storage.ManifestDocument;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Finds out what each thing in a source is, by where it lies in it: all formats at once, whatever the source is called. */
final class Sorter implements TarWalk.Reader {
  private static final int LONGEST_LINK = 1 << 10;
  private static final Pattern DISTRIBUTION = Pattern
      .compile("(?:.*/)?v2/((?:blobs/sha(?:256|512)/[0-9a-f]{2}|repositories/.+?/_(?:layers|manifests))/.+)");
  private static final Pattern OC = Pattern.compile("(?:.*?/)?v2/(.+/(?:blobs|manifests)/[^/]+)");
  private static final Pattern SIGNATURES = Pattern
      .compile("(?:.*/)?signature-(?:sha256-[0-9a-f]+|configmap)\\.(?:json|ya?ml)");
  private static final Pattern OUTSIDE = Pattern.compile("/.*|(?:.*/)?\\.\\.(?:/.*)?|[A-Za-z]:[\\\\/].*");

  private final Found found;
  private final Signatures signatures;
  private final Optional<NamedImage> as;
  private final Map<String, Layouts> layouts = new LinkedHashMap<>();
  private boolean isAnything;
  private boolean isArchive;

  /** @param as the name of an image whose source says none */
  Sorter(Found found, Signatures signatures, Optional<NamedImage> as) {
    this.found = found;
    this.signatures = signatures;
    this.as = as;
  }

  @Override
  public void take(Member member) throws IOException {
    isArchive = true;
    String path = member.path().startsWith("./") ? member.path().substring(2) : member.path();
    if (OUTSIDE.matcher(path).matches()) {
      found.notes().skip(path, "its path leads out of the archive");
      return;
    }
    try {
      sort(path, member);
    } catch (IllegalArgumentException | Damaged e) {
      isAnything = true;
      found.notes().skip(path, String.valueOf(e.getMessage()));
    }
  }

  private void sort(String path, Member member) throws IOException {
    Matcher distribution = DISTRIBUTION.matcher(path);
    if (distribution.matches()) {
      Optional<DistributionTree.Entry> entry = DistributionTree.parse(distribution.group(1));
      if (entry.isPresent()) {
        isAnything = true;
        distribution(entry.get(), member);
      }
      return;
    }
    Matcher oc = OC.matcher(path);
    if (oc.matches()) {
      Optional<OcTree.Entry> entry = OcTree.parse(oc.group(1));
      if (entry.isPresent()) {
        isAnything = true;
        oc(entry.get(), member);
      }
      return;
    }
    if (SIGNATURES.matcher(path).matches()) {
      isAnything = true;
      signatures.take(member);
      return;
    }
    layout(path, member);
  }

  private void layout(String path, Member member) throws IOException {
    Optional<String> folder = Layouts.folder(path);
    if (folder.isPresent()) {
      layouts.computeIfAbsent(folder.get(), new_ -> new Layouts(found, as))
          .take(path.substring(folder.get().length()), member);
    }
  }

  private void distribution(DistributionTree.Entry entry, Member member) throws IOException {
    switch (entry) {
      case DistributionTree.Entry.Blob blob -> content(blob.digest(), member);
      case DistributionTree.Entry.Layer layer -> found.belongs(layer.name(), layer.digest());
      case DistributionTree.Entry.Revision revision -> // also of an empty file, as power cuts leave: its path says all
        found.image(revision.name(), revision.digest());
      case DistributionTree.Entry.TypedRevision typed -> typed(typed, member);
      case DistributionTree.Entry.Tagged tagged -> {
        Optional<Digest> digest = link(member);
        if (digest.isPresent()) {
          found.tag(tagged.name(), tagged.tag(), digest.get());
        } else {
          found.notes().skip(tagged.name() + ":" + tagged.tag(), "its link is empty or damaged");
        }
      }
    }
  }

  /** What stands there becomes a header, and is whatever a disk brought. */
  private void typed(DistributionTree.Entry.TypedRevision typed, Member member) throws IOException {
    String type = member.content().length() > LONGEST_LINK
        ? ""
        : new String(member.read(LONGEST_LINK, member.path()), UTF_8).strip();
    if (ManifestDocument.isMediaType(type)) {
      found.type(typed.digest(), type);
    } else {
      found.notes().remark(typed.name() + "@" + typed.digest()
          + ": its file mediatype holds no media type, so it is taken for what it says itself");
    }
    found.image(typed.name(), typed.digest());
  }

  private static Optional<Digest> link(Member member) throws IOException {
    return member.content().length() > LONGEST_LINK
        ? Optional.empty()
        : Digest.parsed(new String(member.read(LONGEST_LINK, member.path()), UTF_8).strip());
  }

  private void oc(OcTree.Entry entry, Member member) throws IOException {
    switch (entry) {
      case OcTree.Entry.Blob blob -> {
        found.belongs(blob.name(), blob.digest());
        content(blob.digest(), member);
      }
      case OcTree.Entry.Revision revision -> revision(revision, member);
      case OcTree.Entry.Tagged tagged -> tagged(tagged, member);
    }
  }

  /** A tag may look like a digest on Windows; its link tells them apart. */
  private void revision(OcTree.Entry.Revision revision, Member member) throws IOException {
    Optional<Digest> pointed = OcTree.pointed(end(member.link()));
    if (pointed.isPresent() && !pointed.get().equals(revision.digest())) {
      found.tag(revision.name(), dev.weir.storage.Tag.parse(member.name()), pointed.get());
      return;
    }
    found.image(revision.name(), revision.digest());
    content(revision.digest(), member);
  }

  private void tagged(OcTree.Entry.Tagged tagged, Member member) throws IOException {
    if (member.isLink()) {
      Optional<Digest> pointed = OcTree.pointed(end(member.link()));
      if (pointed.isPresent()) {
        found.tag(tagged.name(), tagged.tag(), pointed.get());
      } else {
        found.notes().skip(tagged.name() + ":" + tagged.tag(),
            "its link leads to " + Notes.printable(member.link()) + ", which is no manifest beside it");
      }
      return;
    }
    byte[] content = member.read(Plan.LARGEST_MANIFEST, member.path());
    Optional<Digest> pointed = content.length > LONGEST_LINK
        ? Optional.empty()
        : OcTree.pointed(new String(content, UTF_8));
    if (content.length == 0) {
      found.notes().skip(tagged.name() + ":" + tagged.tag(), "its file is empty");
    } else {
      found.tag(tagged.name(), tagged.tag(),
          pointed.isPresent() ? pointed.get() : found.small(content, member));
    }
  }

  private static String end(String link) {
    return link.substring(link.lastIndexOf('/') + 1);
  }

  private void content(Digest digest, Member member) throws IOException {
    if (!member.isLink()) {
      found.blob(digest, member);
    }
  }

  /** Whether there was a single member in it. */
  boolean isArchive() {
    return isArchive;
  }

  /** Once all of a source was seen. Returns whether there was anything that is known. */
  boolean finish() throws IOException {
    for (Layouts each : layouts.values()) {
      isAnything |= each.finish();
    }
    return isAnything;
  }
}
