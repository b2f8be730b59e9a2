package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import dev.weir.server.admin.Json;
import dev.weir.server.archive.ImageLayout;
import dev.weir.storage.Digest;

/** A folder of one of skopeo's formats, which are told apart once its index or manifest was seen. */
final class Layouts {
  private static final int LARGEST_INDEX = 16 << 20;
  private static final Pattern OCI_BLOB = Pattern.compile("((?:.*/)?)blobs/(sha256|sha512)/([0-9a-f]{64,})");
  private static final Pattern KNOWN = Pattern.compile("((?:.*/)?)(?:oci-layout|index\\.json|manifest\\.json|version"
      + "|(?:sha256:)?[0-9a-f]{64}(?:\\.manifest\\.json|\\.json|\\.tar|\\.tar\\.gz)?|[0-9a-f]{128}"
      + "|(?:[0-9a-f]{64}\\.)?signature-\\d+)");
  private static final Pattern LEGACY_LAYER = Pattern.compile("((?:.*/)?)[0-9a-f]{64}/layer\\.tar");
  private static final Pattern DIR_BLOB = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{128}");

  private final Found found;
  private final Optional<NamedImage> as;
  private final Map<String, Digest> digests = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private byte @Nullable [] index;
  private byte @Nullable [] manifest;
  private @Nullable Member manifestMember;
  private int signatures;

  Layouts(Found found, Optional<NamedImage> as) {
    this.found = found;
    this.as = as;
  }

  /** The folder that the layout lies in to which the path belongs. Empty: it belongs to none. */
  static Optional<String> folder(String path) {
    for (Pattern each : new Pattern[]{OCI_BLOB, LEGACY_LAYER, KNOWN}) {
      Matcher matcher = each.matcher(path);
      if (matcher.matches()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /** @param path within the folder */
  void take(String path, Member member) throws IOException {
    Matcher oci = OCI_BLOB.matcher(path);
    if (member.isLink()) {
      links.put(path, resolved(path, member.link()));
    } else if (oci.matches()) {
      Digest digest = Digest.parse(oci.group(2) + ":" + oci.group(3));
      belongs(digest);
      found.blob(digest, member);
      digests.put(path, digest);
    } else if (path.equals(ImageLayout.OCI_INDEX)) {
      index = member.read(LARGEST_INDEX, path);
    } else if (path.equals(ImageLayout.MANIFEST)) {
      manifest = member.read(LARGEST_INDEX, path);
      manifestMember = member;
    } else if (DIR_BLOB.matcher(path).matches()) {
      Digest digest = Digest.parse((path.length() == 64 ? "sha256:" : "sha512:") + path);
      belongs(digest);
      found.blob(digest, member);
    } else if (path.endsWith(".json") || path.startsWith("sha256:")) {
      digests.put(path, found.small(member.read(Plan.LARGEST_MANIFEST, path), member));
    } else if (path.endsWith(".tar") || path.endsWith(".tar.gz")) {
      found.unnamed(member).ifPresent(digest -> digests.put(path, digest));
    } else if (path.contains("signature-")) {
      signatures++;
    }
  }

  private void belongs(Digest digest) {
    as.ifPresent(image -> found.belongs(image.name(), digest));
  }

  /** Where a link leads, within the folder. */
  private static String resolved(String path, String link) {
    java.nio.file.Path at = java.nio.file.Path.of(path).resolveSibling(link).normalize();
    return at.toString();
  }

  /** Returns whether it was one of the known. */
  boolean finish() throws IOException {
    if (index != null) {
      new OciIndex(found, as).take(json(index, ImageLayout.OCI_INDEX));
      return true;
    }
    if (manifest == null || manifestMember == null) {
      return false;
    }
    JsonNode tree = json(manifest, ImageLayout.MANIFEST);
    if (tree.isArray()) {
      new DockerArchive(found, as, this::digest).take(tree);
    } else {
      directory(manifest, manifestMember);
    }
    return true;
  }

  private Optional<Digest> digest(String path) {
    String at = links.getOrDefault(path, path);
    return Optional.ofNullable(digests.get(at));
  }

  private static JsonNode json(byte[] content, String name) throws IOException {
    try {
      return Json.tree(content);
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new Damaged("its " + name + " is not JSON: " + e.getOriginalMessage());
    }
  }

  private void directory(byte[] content, Member member) throws IOException {
    Digest digest = Digest.sha256(content);
    if (as.isEmpty()) {
      found.notes().skip("the image " + digest, "its source says no name for it; give one with --as NAME[:TAG]");
      return;
    }
    NamedImage image = as.get();
    if (image.reference().orElse(digest) instanceof Digest wanted && !wanted.equals(digest)
        && !Digest.of(wanted.algorithm(), content).equals(wanted)) {
      found.notes().skip(image.name() + "@" + wanted, "what lies there is another image, " + digest);
      return;
    }
    belongs(digest);
    found.small(content, new Member(member.path(), "", new Bytes(content), member.lasting()));
    found.image(image.name(), digest);
    image.tag().ifPresent(tag -> found.tag(image.name(), tag, digest));
    if (signatures > 0) {
      found.notes().remark(image.name() + ": " + signatures
          + " simple signatures stay behind, for which registries have no place; signatures in .sig tags come along");
    }
  }
}
