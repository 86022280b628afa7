/**
 * Stands for node:child_process in the bundle of `pairbeat simulate`: the parser of the command line would load it (and the
 * network with it) for subcommands that are programs of their own, and there are none.
 */
module.exports = {};
