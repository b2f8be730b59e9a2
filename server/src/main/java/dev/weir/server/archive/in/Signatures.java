package dev.weir.server.archive.in;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.weir.storage.Digest;

/** Reads ConfigMaps with signatures of releases, which oc and oc-mirror put beside images. JSON is YAML, too. */
final class Signatures {
  private static final int LARGEST = 1 << 20;
  private static final Pattern KEY = Pattern.compile("(sha256)-([0-9a-f]{64})-\\d+");
  private static final ObjectMapper YAML = new YAMLMapper();

  private final Target target;
  private final Notes notes;
  private int kept;
  private int count;

  Signatures(Target target, Notes notes) {
    this.target = target;
    this.notes = notes;
  }

  void take(Member member) throws IOException {
    JsonNode map;
    try {
      map = YAML.readTree(member.read(LARGEST, member.path()));
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      notes.skip(member.path(), "it is no ConfigMap: " + e.getOriginalMessage());
      return;
    }
    int before = count;
    for (Map.Entry<String, JsonNode> each : map.path("binaryData").properties()) {
      Matcher key = KEY.matcher(each.getKey());
      if (key.matches()) {
        keep(member.path(), Digest.parse(key.group(1) + ":" + key.group(2)), each.getValue().asText(""));
        count++;
      }
    }
    if (count == before) {
      notes.skip(member.path(), "it holds no signature of a release under binaryData");
    }
  }

  private void keep(String path, Digest release, String base64) throws IOException {
    try {
      if (target.keepSignature(release, Base64.getDecoder().decode(base64))) {
        kept++;
      } else {
        notes.remark(target.shown() + " has no place for signatures of releases; apply " + Notes.printable(path)
            + " to the cluster with oc apply -f");
      }
    } catch (Target.Refused | IllegalArgumentException e) {
      notes.skip(path, "its signature of " + release + " cannot be kept: " + e.getMessage());
    }
  }

  /** How many the target keeps now. */
  int kept() {
    return kept;
  }
}
