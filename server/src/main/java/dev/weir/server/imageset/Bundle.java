package dev.weir.server.imageset;

import java.util.List;

/**
 * One version of an operator.
 *
 * @param operator the package it belongs to
 * @param image    its own
 * @param related  those that it needs
 */
record Bundle(String name, String operator, String version, String image, List<String> related) {
  Bundle {
    related = List.copyOf(related);
  }
}
