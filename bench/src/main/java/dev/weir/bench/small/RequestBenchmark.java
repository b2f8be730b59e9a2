package dev.weir.bench.small;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import dev.weir.server.oci.OciRequest;
import dev.weir.server.oci.OciRequestParser;
import dev.weir.server.oci.RegistryException;
import dev.weir.server.oci.RequestPath;
import dev.weir.storage.Digest;
import dev.weir.storage.RepositoryName;

/** From a path to what is asked, as every request that is not answered from memory begins. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
  private static final RepositoryName NAME = RepositoryName.parse("quay.io/openshift-release-dev/ocp-v4.0-art-dev");
  private static final Digest DIGEST = Digest.sha256(new byte[1]);

  private final String text = DIGEST.toString();
  private final String manifest = RequestPath.manifest(NAME, DIGEST);
  private final String blob = RequestPath.blob(NAME, DIGEST);

  @Benchmark
  public Digest aDigest() {
    return Digest.parse(text);
  }

  @Benchmark
  public OciRequest aManifestRequest() throws RegistryException {
    return OciRequestParser.parse("GET", manifest, Map.of());
  }

  @Benchmark
  public OciRequest aBlobRequest() throws RegistryException {
    return OciRequestParser.parse("GET", blob, Map.of());
  }
}
