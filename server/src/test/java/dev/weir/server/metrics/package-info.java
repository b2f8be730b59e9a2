/** What is counted, as a scrape shows it. */
@NullMarked
package dev.weir.server.metrics;

import org.jspecify.annotations.NullMarked;
