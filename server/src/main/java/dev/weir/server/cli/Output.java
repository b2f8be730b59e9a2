package dev.weir.server.cli;

/** How a command says what it has to say; spelled as on the command line. */
enum Output {
  text, json
}
