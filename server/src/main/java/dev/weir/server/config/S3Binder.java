package dev.weir.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.storage.s3.S3Settings;

/** Binds {@code storage.s3}, which distribution also calls {@code storage.s3aws}. */
final class S3Binder {
  private static final long LEAST_PART = 5L << 20;
  private static final long LARGEST_PART = 5L << 30;

  private final Section s3;
  private final Findings findings;

  S3Binder(Section s3, Findings findings) {
    this.s3 = s3;
    this.findings = findings;
  }

  S3Settings bind() {
    requireNames();
    if (s3.get("skipverify", Kind.FLAG)) {
      findings.warning(s3.origin("skipverify"), s3.schema().below("skipverify"),
          "whoever is on the way to the bucket can read and change what weir keeps there");
    }
    return new S3Settings(text("bucket").orElse(""), text("rootdirectory").orElse(""), endpoint(), credentials(),
        writing(), text("redirectendpoint").flatMap(given -> address("redirectendpoint", given)));
  }

  private void requireNames() {
    String missing = Stream.of("bucket", "region").filter(name -> text(name).isEmpty())
        .collect(Collectors.joining(" and "));
    if (!missing.isEmpty()) {
      findings.problem(s3.node().origin(), s3.schema().path(),
          "names no " + missing + " (where the server has no regions, any word will do for one)");
    }
  }

  private S3Settings.Endpoint endpoint() {
    Optional<URI> address = text("regionendpoint").flatMap(given -> address("regionendpoint", given));
    S3Settings.Variant variant = new S3Settings.Variant(s3.get("accelerate", Kind.FLAG),
        s3.get("usedualstack", Kind.FLAG), s3.get("usefipsendpoint", Kind.FLAG));
    if (address.isPresent() && variant.fips()) {
      problem("usefipsendpoint", "chooses among Amazon's addresses, and regionendpoint names another");
    }
    boolean pathStyle = s3.find("forcepathstyle", Kind.FLAG)
        .or(() -> s3.find("virtualhostedstyle", Kind.FLAG).map(virtual -> !virtual)).orElse(address.isPresent());
    return new S3Settings.Endpoint(text("region").orElse(""), address, pathStyle, variant,
        new S3Settings.Trust(s3.get("skipverify", Kind.FLAG), path("cafile")), text("useragent"));
  }

  /** As distribution takes it: with a scheme, or host and port alone. */
  private Optional<URI> address(String name, String given) {
    boolean secure = s3.get("secure", Kind.FLAG);
    try {
      return Optional
          .of(WebAddress.parseServer(given.contains("://") ? given : (secure ? "https://" : "http://") + given));
    } catch (IllegalArgumentException e) {
      problem(name, "scheme, host and port alone are wanted, such as https://s3.example.com:9000");
      return Optional.empty();
    }
  }

  private S3Settings.Credentials credentials() {
    Optional<String> access = text("accesskey");
    Optional<String> secret = secret("secretkey");
    if (access.isPresent() != secret.isPresent()) {
      problem(access.isPresent() ? "accesskey" : "secretkey", "accesskey and secretkey are wanted together");
    }
    if (access.isPresent() && secret.isPresent()) {
      return new S3Settings.Keys(access.get(), secret.get(), secret("sessiontoken"));
    }
    return path("credentialsconfigpath").<S3Settings.Credentials>map(S3Settings.SharedFile::new)
        .orElseGet(S3Settings.Surroundings::new);
  }

  private S3Settings.Writing writing() {
    ByteSize chunk = s3.get("chunksize", Kind.SIZE);
    if (chunk.bytes() < LEAST_PART || chunk.bytes() > LARGEST_PART) {
      problem("chunksize", chunk + " is not between 5MiB and 5GiB");
    }
    return new S3Settings.Writing(chunk.bytes(), copies(), encryption(),
        text("storageclass").filter(name -> !name.equals("STANDARD") && !name.equals("NONE")),
        text("objectacl").filter(name -> !name.equals("private")));
  }

  private S3Settings.Copies copies() {
    ByteSize part = s3.get("multipartcopychunksize", Kind.SIZE);
    if (part.bytes() < LEAST_PART || part.bytes() > LARGEST_PART) {
      problem("multipartcopychunksize", part + " is not between 5MiB and 5GiB");
    }
    ByteSize most = s3.get("multipartcopythresholdsize", Kind.SIZE);
    if (most.bytes() > LARGEST_PART) {
      problem("multipartcopythresholdsize", most + " is more than 5GiB, which no server copies at once");
    }
    return new S3Settings.Copies(most.bytes(), part.bytes(), s3.get("multipartcopymaxconcurrency", Kind.POSITIVE));
  }

  private S3Settings.Encryption encryption() {
    boolean encrypt = s3.get("encrypt", Kind.FLAG);
    Optional<String> key = text("keyid");
    if (key.isPresent() && !encrypt) {
      problem("keyid", "names a key that nothing would be encrypted with; set encrypt: true");
    }
    if (!encrypt) {
      return new S3Settings.BucketsOwn();
    }
    return key.<S3Settings.Encryption>map(S3Settings.KmsKey::new).orElseGet(S3Settings.StoreKeys::new);
  }

  private Optional<String> text(String name) {
    return s3.find(name, Kind.TEXT).filter(text -> !text.isEmpty());
  }

  private Optional<String> secret(String name) {
    return s3.find(name, Kind.SECRET).map(Secret::value).filter(text -> !text.isEmpty());
  }

  private Optional<Path> path(String name) {
    return s3.find(name, Kind.PATH).filter(path -> !path.toString().isEmpty());
  }

  private void problem(String name, String sentence) {
    findings.problem(s3.origin(name), s3.schema().below(name), sentence);
  }
}
