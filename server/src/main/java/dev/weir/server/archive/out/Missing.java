package dev.weir.server.archive.out;

/**
 * Something that should have been written and was not.
 *
 * @param image that is not whole without it
 * @param why what a person is told of it
 */
public record Missing(String image, String why) {}
