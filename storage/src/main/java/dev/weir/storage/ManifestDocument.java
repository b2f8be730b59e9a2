package dev.weir.storage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What weir reads out of a manifest's JSON. The bytes themselves are never written anew from this.
 *
 * @param mediaType as distribution derives it: the document's own, or by shape where it has none
 * @param statesMediaType whether the document itself says so
 * @param schemaVersion 0 where the document gives no whole number
 * @param manifests the children of an index; they may be absent from the repository
 * @param blobs config and layers, without layers that come with {@code urls} of their own
 * @param subject what a referrer refers to (OCI distribution-spec, "Listing Referrers")
 * @param artifactType of a referrer; the config's media type where the document has none
 */
public record ManifestDocument(String mediaType, boolean statesMediaType, int schemaVersion, List<Descriptor> manifests,
    List<Descriptor> blobs, List<Descriptor> foreign,
    Optional<Descriptor> subject, Optional<String> artifactType) {
  /** The names that are read, by their lower-case spelling. */
  private static final Map<String, String> READ = Stream
      .of("schemaVersion", "mediaType", "config", "layers", "blobs", "fsLayers", "blobSum", "manifests", "subject",
          "artifactType", "digest", "size", "urls")
      .collect(Collectors.toUnmodifiableMap(name -> name.toLowerCase(Locale.ROOT), name -> name));
  /** Root, list, descriptor: what is read lies no deeper. */
  private static final int DEEPEST_NAMES = 2;
  private static final Pattern MENTIONED = Pattern.compile("sha512:[0-9a-f]{128}|sha256:[0-9a-f]{64}");
  private static final Pattern MEDIA_TYPE = Pattern
      .compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

  /** As strict as Go's parser, which every peer uses: whatever follows the document is an error. */
  private static final ObjectMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();

  /**
   * @throws IllegalArgumentException if {@code content} is not a JSON object, names something that is not a digest,
   *     or can be read both as an image and as an index
   */
  public static ManifestDocument parse(byte[] content) {
    JsonNode root = readObject(content);
    String mediaType = typeOf(root);
    if (!isMediaType(mediaType)) {
      throw new IllegalArgumentException("not a media type: " + Names.shown(mediaType));
    }
    refuseMixedShape(root, mediaType);
    return new ManifestDocument(mediaType, text(root, "mediaType").isPresent(), schemaVersion(root),
        elements(root, "manifests").stream().map(child -> toDescriptor(child, "digest")).toList(),
        blobs(root, mediaType), foreign(root),
        descriptor(root, "subject"), text(root, "artifactType").or(() -> text(root.path("config"), "mediaType")));
  }

  /** The same of what may be anything. Empty: it is no manifest. */
  public static Optional<ManifestDocument> parsed(byte[] content) {
    try {
      return Optional.of(parse(content));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a text has the form of a media type (RFC 6838 §4.2), and so may stand in a header. */
  public static boolean isMediaType(String text) {
    return MEDIA_TYPE.matcher(text).matches();
  }

  /**
   * Only what the type has its blobs in: other registries check no more than that, so naming a blob anywhere else says
   * nothing of who may have it.
   */
  private static List<Descriptor> blobs(JsonNode root, String mediaType) {
    return switch (mediaType) {
      case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST -> List.of();
      case MediaTypes.DOCKER_SCHEMA1, MediaTypes.DOCKER_SCHEMA1_SIGNED ->
        elements(root, "fsLayers").stream().map(layer -> toDescriptor(layer, "blobSum")).toList();
      case MediaTypes.OCI_ARTIFACT ->
        elements(root, "blobs").stream().map(blob -> toDescriptor(blob, "digest")).toList();
      default -> {
        List<Descriptor> blobs = new ArrayList<>();
        descriptor(root, "config").ifPresent(blobs::add);
        elements(root, "layers").stream().filter(layer -> layer.path("urls").isEmpty())
            .forEach(layer -> blobs.add(toDescriptor(layer, "digest")));
        yield List.copyOf(blobs);
      }
    };
  }

  /** Layers that are to be had at an address of their own: nobody need have them here, and who has them wants to keep them. */
  private static List<Descriptor> foreign(JsonNode root) {
    return elements(root, "layers").stream().filter(layer -> !layer.path("urls").isEmpty())
        .map(layer -> toDescriptor(layer, "digest")).toList();
  }

  /**
   * A stand-in for one that cannot be read: it names whatever digest stands in its bytes, so that nobody takes away what it
   * may need.
   */
  static ManifestDocument mentioning(byte[] content) {
    List<Descriptor> mentioned = MENTIONED.matcher(new String(content, StandardCharsets.ISO_8859_1)).results()
        .map(found -> new Descriptor("", Digest.parse(found.group()), 0)).distinct().toList();
    return new ManifestDocument("", false, 0, List.of(), mentioned, List.of(), Optional.empty(), Optional.empty());
  }

  /** The same that keeps some more. */
  ManifestDocument keeping(List<Descriptor> more) {
    return more.isEmpty()
        ? this
        : new ManifestDocument(mediaType, statesMediaType, schemaVersion, manifests, blobs,
            Stream.concat(foreign.stream(), more.stream()).toList(), subject, artifactType);
  }

  /** Whether a registry that served it as {@code served} has checked, when it was pushed, just the blobs named here. */
  boolean isCheckedAs(String served) {
    return mediaType.equals(served) && MediaTypes.MANIFESTS.contains(mediaType);
  }

  /** Whether registry:2 can parse it. */
  boolean isReadByDistribution() {
    return schemaVersion == 2 && MediaTypes.DISTRIBUTION_READS.contains(mediaType);
  }

  /** Decoded here, because Jackson would also take UTF-16 and UTF-32, which no peer can read. */
  private static JsonNode readObject(byte[] content) {
    try {
      JsonNode root = JSON.readTree(new String(content, StandardCharsets.UTF_8));
      if (root == null || !root.isObject()) {
        throw new IllegalArgumentException("a manifest is a JSON object");
      }
      refuseOtherSpellings(root, 0);
      return root;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("a manifest is a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Go's parser takes {@code LAYERS} for {@code layers}, and of two the last: a document must not say one thing to the
   * registry that checked it and another to us.
   */
  private static void refuseOtherSpellings(JsonNode node, int depth) {
    if (depth > DEEPEST_NAMES) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String lower = field.getKey().toLowerCase(Locale.ROOT);
      if (READ.containsKey(lower) && !field.getKey().equals(READ.get(lower))) {
        throw new IllegalArgumentException("in a manifest '" + READ.get(lower) + "' is spelled so");
      }
    }
    node.forEach(child -> refuseOtherSpellings(child, depth + 1));
  }

  /** Peers' rule (distribution, manifest/versioned.go): the document's own word first, then its shape. */
  private static String typeOf(JsonNode root) {
    return text(root, "mediaType").orElseGet(() -> {
      if (root.hasNonNull("manifests")) {
        return MediaTypes.OCI_INDEX;
      }
      if (root.hasNonNull("fsLayers") && !root.hasNonNull("config") && !root.hasNonNull("layers")) {
        return root.has("signatures") ? MediaTypes.DOCKER_SCHEMA1_SIGNED : MediaTypes.DOCKER_SCHEMA1;
      }
      return MediaTypes.OCI_MANIFEST;
    });
  }

  /** One digest must not mean two images, depending on who reads it (CVE-2021-41190). */
  private static void refuseMixedShape(JsonNode root, String mediaType) {
    boolean isImage = root.hasNonNull("config") || root.hasNonNull("layers");
    boolean wrong = switch (mediaType) {
      case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST -> isImage;
      case MediaTypes.OCI_MANIFEST, MediaTypes.DOCKER_MANIFEST -> root.hasNonNull("manifests");
      default -> false;
    };
    if (wrong) {
      throw new IllegalArgumentException("a manifest is either an image or an index: type " + mediaType + " has "
          + (isImage ? "'config' or 'layers'" : "'manifests'"));
    }
  }

  private static int schemaVersion(JsonNode root) {
    JsonNode version = root.path("schemaVersion");
    return version.isInt() ? version.intValue() : 0;
  }

  private static List<JsonNode> elements(JsonNode root, String field) {
    JsonNode array = root.path(field);
    if (array.isMissingNode() || array.isNull()) {
      return List.of();
    }
    if (!array.isArray()) {
      throw new IllegalArgumentException("in a manifest '" + field + "' is a list");
    }
    return array.valueStream().toList();
  }

  private static Optional<Descriptor> descriptor(JsonNode root, String field) {
    return root.hasNonNull(field) ? Optional.of(toDescriptor(root.path(field), "digest")) : Optional.empty();
  }

  private static Descriptor toDescriptor(JsonNode node, String digestField) {
    String digest = text(node, digestField)
        .orElseThrow(() -> new IllegalArgumentException("a manifest names content without '" + digestField + "'"));
    return new Descriptor(text(node, "mediaType").orElse(""), Digest.parse(digest), size(node));
  }

  private static long size(JsonNode node) {
    JsonNode size = node.path("size");
    if (size.isMissingNode() || size.isNull()) {
      return -1;
    }
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
      throw new IllegalArgumentException("in a manifest 'size' is a number of bytes");
    }
    return size.longValue();
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("in a manifest '" + field + "' is a string");
    }
    return Optional.of(value.textValue()).filter(text -> !text.isEmpty());
  }
}
