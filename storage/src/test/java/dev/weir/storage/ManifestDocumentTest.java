package dev.weir.storage;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ManifestDocumentTest {
  private static final Digest ONE = Digest.sha256(new byte[]{1});
  private static final Digest TWO = Digest.sha256(new byte[]{2});
  private static final Digest THREE = Digest.sha256(new byte[]{3});

  @Test
  void aDockerImageNamesItsConfigAndLayers() {
    ManifestDocument image = parse("""
        {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
         "config": {"mediaType": "c", "size": 7, "digest": "$1"},
         "layers": [{"mediaType": "l", "size": 9000000000, "digest": "$2"}]}""");
    assertThat(image).isEqualTo(new ManifestDocument(MediaTypes.DOCKER_MANIFEST, true, 2, List.of(),
        List.of(new Descriptor("c", ONE, 7), new Descriptor("l", TWO, 9_000_000_000L)), List.of(), Optional.empty(),
        Optional.of("c")));
    assertThat(image.isReadByDistribution()).isTrue();
  }

  @Test
  void anIndexNamesItsManifests() {
    for (String type : List.of(MediaTypes.OCI_INDEX, MediaTypes.DOCKER_LIST)) {
      ManifestDocument index = parse("{'schemaVersion':2,'mediaType':'" + type
          + "','manifests':[{'mediaType':'m','digest':'$1','size':1,'platform':{'os':'linux'}},{'digest':'$2'}]}");
      assertThat(index.mediaType()).isEqualTo(type);
      assertThat(index.manifests()).containsExactly(new Descriptor("m", ONE, 1), new Descriptor("", TWO, -1));
      assertThat(index.blobs()).isEmpty();
      assertThat(index.isReadByDistribution()).isTrue();
    }
  }

  @Test
  void aDocumentWithoutATypeHasThatOfItsShape() {
    assertThat(parse("{'schemaVersion':2,'manifests':[]}").mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(parse("{'schemaVersion':2,'mediaType':'','config':{'digest':'$1'}}").mediaType())
        .isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(parse("{'schemaVersion':2,'mediaType':null,'manifests':null,'layers':null}").mediaType())
        .isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(parse("{'schemaVersion':1,'fsLayers':[]}").mediaType()).isEqualTo(MediaTypes.DOCKER_SCHEMA1);
  }

  @Test
  void schema1NamesItsLayersAndIsNotReadByDistribution() {
    ManifestDocument old = parse(
        "{'schemaVersion':1,'fsLayers':[{'blobSum':'$1'},{'blobSum':'$1'}],'history':[],'signatures':[]}");
    assertThat(old.mediaType()).isEqualTo(MediaTypes.DOCKER_SCHEMA1_SIGNED);
    assertThat(old.blobs()).containsExactly(new Descriptor("", ONE, -1), new Descriptor("", ONE, -1));
    assertThat(old.isReadByDistribution()).isFalse();
  }

  @Test
  void anArtifactNamesItsBlobsAndSubjectAndIsNotReadByDistribution() {
    ManifestDocument artifact = parse("""
        {"mediaType": "application/vnd.oci.artifact.manifest.v1+json", "artifactType": "sbom",
         "blobs": [{"digest": "$1", "size": 3}], "subject": {"mediaType": "m", "digest": "$2", "size": 4}}""");
    assertThat(artifact.blobs()).containsExactly(new Descriptor("", ONE, 3));
    assertThat(artifact.subject()).contains(new Descriptor("m", TWO, 4));
    assertThat(artifact.artifactType()).contains("sbom");
    assertThat(artifact.schemaVersion()).isZero();
    assertThat(artifact.isReadByDistribution()).isFalse();
  }

  @Test
  void blobsAreNamedOnlyWhereTheTypeHasThem() {
    ManifestDocument image = parse("""
        {"schemaVersion": 2, "config": {"digest": "$1"}, "layers": [], "fsLayers": [{"blobSum": "$2"}],
         "blobs": [{"digest": "$3"}]}""");
    assertThat(image.blobs()).extracting(Descriptor::digest).containsExactly(ONE);
    assertThat(parse("{'manifests':[],'fsLayers':[{'blobSum':'$2'}]}").blobs()).isEmpty();
  }

  @Test
  void aLayerWithUrlsOfItsOwnIsNotNeededButAConfigIs() {
    ManifestDocument windows = parse("""
        {"schemaVersion": 2, "config": {"digest": "$1", "urls": ["https://x/"]},
         "layers": [{"digest": "$2", "urls": ["https://x/"]}, {"digest": "$3", "urls": []}]}""");
    assertThat(windows.blobs()).extracting(Descriptor::digest).containsExactly(ONE, THREE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "7", "\"{}\"", "{", "{}}", "{} {}", "{'a':}", "<html>502</html>",
      "{'layers':{}}", "{'layers':'x'}", "{'layers':[7]}", "{'layers':[null]}", "{'layers':[[]]}", "{'layers':[{}]}",
      "{'layers':[{'digest':7}]}", "{'layers':[{'digest':['$1']}]}", "{'layers':[{'digest':''}]}",
      "{'layers':[{'digest':'sha256:../../etc/passwd'}]}", "{'layers':[{'digest':'latest'}]}", "{'config':{}}",
      "{'config':'$1'}", "{'config':[{'digest':'$1'}]}", "{'manifests':[{'digest':'x'}]}", "{'manifests':7}",
      "{'subject':{'digest':null}}", "{'fsLayers':[{'blobSum':1}]}",
      "{'mediaType':'application/vnd.oci.artifact.manifest.v1+json','blobs':[{'digest':'md5:00'}]}",
      "{'config':{'digest':'$1','size':'7'}}", "{'config':{'digest':'$1','size':-7}}",
      "{'config':{'digest':'$1','size':1.5}}", "{'config':{'digest':'$1','size':99999999999999999999}}",
      "{'mediaType':7}", "{'mediaType':{}}",
      "{'mediaType':'a\\r\\nb/c'}", "{'mediaType':'text'}", "{'LAYERS':[],'layers':[]}", "{'Config':{}}",
      "{'layers':[{'digest':'$1','URLs':['https://x/']}]}", "{'layers':[],'layers':[]}", "{'artifactType':[]}",
      "\ufeff{}"})
  void isNoManifest(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'manifests':[],'layers':[]}", "{'manifests':[],'config':{'digest':'$1'}}",
      "{'mediaType':'application/vnd.oci.image.manifest.v1+json','manifests':[]}",
      "{'mediaType':'application/vnd.docker.distribution.manifest.v2+json','manifests':[]}",
      "{'mediaType':'application/vnd.oci.image.index.v1+json','layers':[]}",
      "{'mediaType':'application/vnd.docker.distribution.manifest.list.v2+json','config':{'digest':'$1'}}"})
  void whatCouldBeReadAsImageAndAsIndexIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(text)).withMessageContaining("either an image or an");
  }

  @Test
  void aSchemaVersionThatIsNoNumberIsNone() {
    assertThat(parse("{'schemaVersion':'2'}").isReadByDistribution()).isFalse();
    assertThat(parse("{'schemaVersion':2.0}").isReadByDistribution()).isFalse();
  }

  @Test
  void deepNestingIsRefused() {
    for (int depth : new int[]{1001, 100_000}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> parse("{'annotations':" + "[".repeat(depth) + "]".repeat(depth) + "}"));
      assertThatIllegalArgumentException().isThrownBy(() -> parse("{'config':".repeat(depth)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE"})
  void onlyUtf8IsRead(String charset) {
    byte[] content = "{\"schemaVersion\":2}".getBytes(Charset.forName(charset));
    assertThatIllegalArgumentException().isThrownBy(() -> ManifestDocument.parse(content));
    assertThat(ManifestDocument.parsed(content)).isEmpty();
  }

  @Test
  void brokenTextInAnAnnotationDoesNotMatter() {
    byte[] content = "{\"schemaVersion\":2,\"annotations\":{\"a\":\"\u00e4\"}}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ManifestDocument.parse(content).schemaVersion()).isEqualTo(2);
  }

  private static ManifestDocument parse(String json) {
    return ManifestDocument.parse(json.replace('\'', '"').replace("$1", ONE.toString()).replace("$2", TWO.toString())
        .replace("$3", THREE.toString()).getBytes(StandardCharsets.UTF_8));
  }
}
