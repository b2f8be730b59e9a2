package dev.weir.server;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** DESIGN.md §2: inside server, http → registry → {cache, upstream} → oci, and what stands beside that. */
final class ArchitectureTest {
  private static final String ROOT = "dev.weir.server.";
  private static final JavaClasses SERVER = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.weir.server");

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(SERVER);
  }

  /** No class of a package depends on any of the others, all named below {@code dev.weir.server}. */
  private static void keepsOff(String of, String... others) {
    String[] packages = java.util.Arrays.stream(others).map(other -> ROOT + other + "..").toArray(String[]::new);
    check(noClasses().that().resideInAPackage(ROOT + of + "..").should().dependOnClassesThat()
        .resideInAnyPackage(packages));
  }

  @Test
  void theProtocolsWordsDependOnNothingElseHere() {
    keepsOff("budget", "oci", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring");
    keepsOff("oci", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring");
  }

  @Test
  void cacheAndUpstreamDoNotKnowEachOther() {
    keepsOff("cache", "upstream");
    keepsOff("upstream", "cache");
  }

  @Test
  void cacheAndUpstreamKnowNobodyAboveThem() {
    for (String lower : new String[]{"cache", "upstream"}) {
      keepsOff(lower, "config", "http", "registry", "metrics", "cli", "wiring");
    }
  }

  @Test
  void weirsOnOneStoreTellEachOtherOfDownloadsAndOfNothingElse() {
    keepsOff("replicas", "config", "http", "registry", "upstream", "push", "metrics", "cli", "wiring");
  }

  @Test
  void registryKnowsNobodyAboveIt() {
    keepsOff("registry", "config", "http", "metrics", "cli", "wiring");
  }

  @Test
  void httpKnowsRegistriesAndNotWhereTheyAreFilledFrom() {
    keepsOff("http", "upstream", "config", "cli", "wiring");
  }

  @Test
  void metricsKnowWhatIsCountedAndNotWhoWritesAnswers() {
    keepsOff("metrics", "upstream", "config", "cli", "wiring");
  }

  @Test
  void thePageLooksAtWhatIsHeldAndAsksNobodyElse() {
    keepsOff("ui", "config", "registry", "upstream", "push", "precache", "metrics", "admin", "cli", "wiring");
  }

  @Test
  void configurationKnowsNoPartThatRuns() {
    keepsOff("config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring");
  }

  @Test
  void precachingAsksOurOwnRegistryAndNobodyElse() {
    keepsOff("precache", "config", "http", "upstream", "push", "metrics", "cli", "wiring");
    keepsOff("release", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring", "precache");
  }

  @Test
  void nettyIsSpokenInHttpAndOfItsTlsUpstream() {
    // wiring lends the event loops of http to the bucket
    check(noClasses().that().resideOutsideOfPackages(ROOT + "http..", ROOT + "upstream..", ROOT + "wiring..").should()
        .dependOnClassesThat().resideInAPackage("io.netty.."));
  }

  @Test
  void releasesAndWhatOpenshiftIsToldAreMadeOfValuesAlone() {
    keepsOff("release", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring");
    keepsOff("imageset", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring", "admin");
    keepsOff("openshift", "config", "http", "registry", "cache", "upstream", "metrics", "cli", "wiring", "admin");
  }

  @Test
  void archivesAreReadAndWrittenWithoutAnyPartThatRuns() {
    keepsOff("archive", "config", "http", "registry", "cache", "upstream", "push", "metrics", "cli", "wiring");
  }

  @Test
  void bucketsAreSpokenToInTheirOwnModuleAlone() {
    check(noClasses().should().dependOnClassesThat().resideInAPackage("software.amazon.."));
  }

  @Test
  void packagesFormNoCycle() {
    check(slices().matching(ROOT + "(*)..").should().beFreeOfCycles());
  }
}
