// Asks a weir at ADDRESS:PORT as clients do first, while a JVM learns its start: what a first answer needs is then at hand,
// with JSON, as refusals are. And nothing else: what is learnt is loaded at each start.

private static final int PATIENCE_MILLIS = 10_000;

void main(String[] arguments) throws IOException {
  for (String path : List.of("/v2/", "/v2/a/tags/list")) {
    HttpURLConnection asked = (HttpURLConnection) URI.create("http://" + arguments[0] + path).toURL().openConnection();
    asked.setReadTimeout(PATIENCE_MILLIS);
    asked.getResponseCode();
    asked.disconnect();
  }
}
