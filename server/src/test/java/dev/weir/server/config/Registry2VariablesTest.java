package dev.weir.server.config;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every variable that registry:2 and registry:3 know: it has its effect, or one precise warning, or weir does not start. */
class Registry2VariablesTest {
  /** What some cannot stand without. */
  private static final Map<String, Map<String, String>> BESIDE = Map.of("REGISTRY_HTTP_TLS_",
      Map.of("REGISTRY_HTTP_TLS_CERTIFICATE", "/c", "REGISTRY_HTTP_TLS_KEY", "/k", "REGISTRY_HTTP_TLS_CLIENTCAS_0",
          "/a"),
      "REGISTRY_AUTH_HTPASSWD_", Map.of("REGISTRY_AUTH_HTPASSWD_PATH", "/p"), "REGISTRY_PROXY_",
      Map.of("REGISTRY_PROXY_REMOTEURL", "https://p.example", "REGISTRY_PROXY_USERNAME", "u", "REGISTRY_PROXY_PASSWORD",
          "w", "REGISTRY_AUTH_HTPASSWD_PATH", "/p"),
      "REGISTRY_HTTP_DEBUG_", Map.of("REGISTRY_HTTP_DEBUG_ADDR", "127.0.0.1:5001"),
      "REGISTRY_STORAGE_S3_", Map.of("REGISTRY_STORAGE", "s3", "REGISTRY_STORAGE_S3_BUCKET", "b",
          "REGISTRY_STORAGE_S3_REGION", "r", "REGISTRY_STORAGE_S3_REGIONENDPOINT", "https://s3.example",
          "REGISTRY_STORAGE_S3_ACCESSKEY", "a", "REGISTRY_STORAGE_S3_SECRETKEY", "s"));

  private static Map<String, String> beside(String name) {
    Map<String, String> all = new HashMap<>();
    BESIDE.forEach((prefix, more) -> {
      if (name.startsWith(prefix)) {
        all.putAll(more);
      }
    });
    return all;
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"REGISTRY_HTTP_ADDR|:5555", "REGISTRY_HTTP_HOST|https://m.example:5000",
      "REGISTRY_HTTP_SECRET|s", "REGISTRY_HTTP_RELATIVEURLS|true", "REGISTRY_HTTP_DRAINTIMEOUT|60s",
      "REGISTRY_HTTP_HEADERS|{X-Content-Type-Options: [nosniff]}", "REGISTRY_HTTP_HEADERS_X-FRAME-OPTIONS|[DENY]",
      "REGISTRY_HTTP_TLS_CERTIFICATE|/other", "REGISTRY_HTTP_TLS_KEY|/other", "REGISTRY_HTTP_TLS_CLIENTCAS_0|/other",
      "REGISTRY_HTTP_TLS_CLIENTCAS|[/x, /y]", "REGISTRY_HTTP_TLS_CLIENTAUTH|verify-client-cert-if-given",
      "REGISTRY_HTTP_TLS_MINIMUMTLS|tls1.3",
      "REGISTRY_HTTP_TLS_CIPHERSUITES_0|TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "REGISTRY_HTTP_DEBUG_ADDR|127.0.0.1:5002", "REGISTRY_HTTP_DEBUG_PROMETHEUS_ENABLED|true",
      "REGISTRY_HTTP_DEBUG_PROMETHEUS_PATH|/m", "REGISTRY_AUTH_HTPASSWD_REALM|Registry Realm",
      "REGISTRY_AUTH_HTPASSWD_PATH|/other", "REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY|/data",
      "REGISTRY_STORAGE_DELETE_ENABLED|true", "REGISTRY_STORAGE_DELETE|{enabled: true}",
      "REGISTRY_STORAGE_REDIRECT_DISABLE|false",
      "REGISTRY_STORAGE_MAINTENANCE_READONLY|{\"enabled\":true}", "REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED|true",
      "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING|{\"enabled\":true,\"age\":\"1h\",\"interval\":\"2h\",\"dryrun\":true}",
      "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED|false", "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_AGE|1h",
      "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_INTERVAL|2h",
      "REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING_DRYRUN|true", "REGISTRY_PROXY_REMOTEURL|https://q.example",
      "REGISTRY_PROXY_USERNAME|v", "REGISTRY_LOG_LEVEL|debug", "REGISTRY_LOG_FORMATTER|json",
      "REGISTRY_LOG_FORMATTER|logstash", "REGISTRY_LOG_FIELDS|{a: b}", "REGISTRY_LOG_FIELDS_SITE|edge",
      "REGISTRY_LOG_ACCESSLOG_DISABLED|true", "REGISTRY_LOGLEVEL|debug", "REGISTRY_CATALOG_MAXENTRIES|5",
      "REGISTRY_TAGS_MAXTAGS|5", "REGISTRY_STORAGE_FILESYSTEM_MAXTHREADS|30",
      "REGISTRY_VALIDATION_DISABLED|true", "REGISTRY_HEALTH_STORAGEDRIVER_ENABLED|false",
      "REGISTRY_HEALTH_STORAGEDRIVER_INTERVAL|1m", "REGISTRY_HEALTH_STORAGEDRIVER_THRESHOLD|5",
      "REGISTRY_STORAGE_S3_ACCESSKEY|k", "REGISTRY_STORAGE_S3_REGION|other",
      "REGISTRY_STORAGE_S3_REGIONENDPOINT|https://other", "REGISTRY_STORAGE_S3_FORCEPATHSTYLE|false",
      "REGISTRY_STORAGE_S3_BUCKET|other", "REGISTRY_STORAGE_S3_ENCRYPT|true", "REGISTRY_STORAGE_S3_SECURE|false",
      "REGISTRY_STORAGE_S3_CHUNKSIZE|20971520", "REGISTRY_STORAGE_S3_ROOTDIRECTORY|/r",
      "REGISTRY_STORAGE_S3_STORAGECLASS|GLACIER", "REGISTRY_STORAGE_S3_OBJECTACL|public-read",
      "REGISTRY_STORAGE_S3_USERAGENT|u", "REGISTRY_STORAGE_S3_ACCELERATE|true",
      "REGISTRY_STORAGE_S3_USEDUALSTACK|true", "REGISTRY_STORAGE_S3_REDIRECTENDPOINT|https://s3",
      "REGISTRY_STORAGE_S3_CREDENTIALSCONFIGPATH|/c"})
  void hasItsEffect(String name, String value) throws ConfigException {
    Map<String, String> variables = beside(name);
    String before = Configs.load("", variables).effective();
    variables.put(name, value);
    Loaded loaded = Configs.load("", variables);
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.effective()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"REGISTRY_HTTP_NET,tcp", "REGISTRY_HTTP_PREFIX,/", "REGISTRY_STORAGE,filesystem",
      "REGISTRY_STORAGE_FILESYSTEM_MAXTHREADS,100", "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR,inmemory",
      "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTORSIZE,10000", "REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED,false",
      "REGISTRY_HEALTH_STORAGEDRIVER_ENABLED,true", "REGISTRY_HEALTH_STORAGEDRIVER_INTERVAL,10s",
      "REGISTRY_HEALTH_STORAGEDRIVER_THRESHOLD,3", "REGISTRY_HTTP_HTTP2_DISABLED,true",
      "REGISTRY_HTTP_H2C_ENABLED,false", "REGISTRY_PROXY_TTL,168h", "REGISTRY_LOG_REPORTCALLER,false"})
  void asksForWhatIsSoAnyway(String name, String value) throws ConfigException {
    assertThat(Configs.load("", Map.of(name, value)).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"REGISTRY_HTTP_PREFIX|/x/|http.prefix: ignored: ",
      "REGISTRY_HTTP_HTTP2_DISABLED|false|http.http2.disabled: ignored: ",
      "REGISTRY_HTTP_H2C_ENABLED|true|http.h2c.enabled: ignored: ",
      "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR|redis|storage.cache.blobdescriptor: ignored: ",
      "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTORSIZE|5|storage.cache.blobdescriptorsize: ignored: ",
      "REGISTRY_STORAGE_TAG_CONCURRENCYLIMIT|5|storage.tag.concurrencylimit: ignored: ",
      "REGISTRY_PROXY_TTL|1h|proxy.ttl: ignored: ", "REGISTRY_PROXY_TTL|0|proxy.ttl: ignored: ",
      "REGISTRY_PROXY_EXEC_COMMAND|/x|proxy.exec: ignored: ", "REGISTRY_PROXY_EXEC_LIFETIME|1h|proxy.exec: ignored: ",
      "REGISTRY_PROXY_CACHEWRITETIMEOUT|1m|proxy.cachewritetimeout: ignored: ",
      "REGISTRY_NOTIFICATIONS_ENDPOINTS_0_URL|http://x|notifications: ignored: ",
      "REGISTRY_NOTIFICATIONS|{endpoints: []}|notifications: ignored: ",
      "REGISTRY_REDIS_ADDR|r:6379|redis: ignored: ", "REGISTRY_POLICY_REPOSITORY_CLASSES|[image]|policy: ignored: ",
      "REGISTRY_AUTH|none|auth.none: ignored: ", "REGISTRY_LOG_HOOKS|[{type: mail}]|log.hooks: ignored: ",
      "REGISTRY_LOG_REPORTCALLER|true|log.reportcaller: ignored: ",
      "REGISTRY_VALIDATION_ENABLED|true|validation.enabled: ignored: ",
      "REGISTRY_HTTP_TLS_MINIMUMTLS|tls1.0|http.tls.minimumtls: weir speaks TLS 1.2 and 1.3 alone",
      "REGISTRY_REPORTING_BUGSNAG_APIKEY|k|reporting: ignored: ",
      "REGISTRY_COMPATIBILITY_SCHEMA1_ENABLED|true|compatibility: ignored: ",
      "REGISTRY_HTTP_DEBUG_TLS_CERTIFICATE|/c|name no key: REGISTRY_HTTP_DEBUG_TLS_CERTIFICATE",
      "REGISTRY_STORAGE_S3_V4AUTH|false|storage.s3.v4auth: ignored: ",
      "REGISTRY_STORAGE_S3_SKIPVERIFY|true|storage.s3.skipverify: whoever is on the way",
      "REGISTRY_STORAGE_S3_LOGLEVEL|debug|storage.s3.loglevel: ignored: ",
      "REGISTRY_PORT|tcp://10.0.0.1:5000|name no key: REGISTRY_PORT"})
  void isOneWarning(String name, String value, String sentence) throws ConfigException {
    Map<String, String> variables = beside(name);
    variables.put(name, value);
    assertThat(Configs.load("", variables).warnings()).singleElement().asString().contains(name, sentence);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"REGISTRY_HTTP_NET|unix", "REGISTRY_AUTH|token", "REGISTRY_AUTH|silly",
      "REGISTRY_AUTH_TOKEN_REALM|https://t", "REGISTRY_AUTH_TOKEN_SERVICE|s", "REGISTRY_AUTH_TOKEN_ISSUER|i",
      "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE|/b", "REGISTRY_AUTH_SILLY_REALM|r", "REGISTRY_AUTH_SILLY_SERVICE|s",
      "REGISTRY_AUTH|htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM|r", "REGISTRY_AUTH|ldap",
      "REGISTRY_HTTP_TLS_LETSENCRYPT|{email: e}", "REGISTRY_HTTP_TLS_LETSENCRYPT_CACHEFILE|/f",
      "REGISTRY_HTTP_TLS_LETSENCRYPT_EMAIL|e", "REGISTRY_HTTP_TLS_LETSENCRYPT_HOSTS_0|h",
      "REGISTRY_HTTP_TLS_LETSENCRYPT_HOSTS|[h]", "REGISTRY_HTTP_TLS_LETSENCRYPT_DIRECTORYURL|https://d",
      "REGISTRY_HTTP_TLS_CLIENTAUTH|require-any-client-cert", "REGISTRY_HTTP_TLS_CERTIFICATE|/c",
      "REGISTRY_HTTP_TLS_KEY|/k", "REGISTRY_HTTP_TLS_CLIENTCAS_0|/a", "REGISTRY_HTTP_TLS_MINIMUMTLS|tls9",
      "REGISTRY_HTTP_TLS_CIPHERSUITES_0|RC4", "REGISTRY_STORAGE|s3", "REGISTRY_STORAGE|azure",
      "REGISTRY_STORAGE|inmemory",
      "REGISTRY_STORAGE_S3_BUCKET|b", "REGISTRY_STORAGE_S3_ENCRYPT|true", "REGISTRY_STORAGE_S3_KEYID|k",
      "REGISTRY_STORAGE_S3AWS_REGION|r", "REGISTRY_STORAGE_S3_CHUNKSIZE|1048576", "REGISTRY_STORAGE_GCS_BUCKET|b",
      "REGISTRY_STORAGE_MAINTENANCE_READONLY|true", "REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED|perhaps",
      "REGISTRY_VALIDATION_MANIFESTS_URLS_ALLOW_0|^https", "REGISTRY_VALIDATION_MANIFESTS_URLS_DENY_0|^http",
      "REGISTRY_VALIDATION_MANIFESTS_INDEXES_PLATFORMS|list", "REGISTRY_MIDDLEWARE_STORAGE|[{name: cloudfront}]",
      "REGISTRY_MIDDLEWARE_REGISTRY|[{name: x}]", "REGISTRY_MIDDLEWARE_REPOSITORY|[{name: x}]",
      "REGISTRY_MIDDLEWARE_STORAGE_0_NAME|cloudfront", "REGISTRY_MIDDLEWARE|{storage: [{name: x}]}"})
  void keepsWeirFromStarting(String name, String value) {
    assertThat(Configs.problems("", Map.of(name, value))).isNotEmpty()
        .anySatisfy(problem -> assertThat(problem).startsWith(name + ": "));
  }

  @Test
  void imagesOwnVariableForItsConfigurationIsNoKey() throws ConfigException {
    assertThat(Configs.load("", Map.of("REGISTRY_CONFIGURATION_PATH", "/etc/docker/registry/config.yml")).warnings())
        .isEmpty();
  }
}
