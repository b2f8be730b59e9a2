package dev.weir.server.http;

import java.util.function.Predicate;

import dev.weir.storage.RepositoryName;

/**
 * Somebody who looks around with a browser, and what the rules in force let him see.
 *
 * @param user {@code -} for nobody in particular
 * @param mayLogIn whether he came without credentials where there are some to be had
 * @param mayLogOut whether he came with a name and a password, which his browser now remembers
 * @param seesAll whether he may see what concerns weir as a whole: who administers it, or everybody where there are
 *     neither users nor rules
 * @param mayPull from which repositories
 * @param mayPullWithin whether from any at all whose names begin with this component, as those of an upstream do
 */
public record Visitor(String user, boolean mayLogIn, boolean mayLogOut, boolean seesAll,
    Predicate<RepositoryName> mayPull, Predicate<String> mayPullWithin) {}
