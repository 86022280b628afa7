/** Names in rc.d. Shared by the daemon, which runs hooks, and by the check, which says what is not run. */

/**
 * Installed by the package of Heartbeat 3.0.6: together with mach_down and ResourceManager these scripts are its
 * resource manager. Beside the built-in one they would start resources without asking the ownership gate.
 */
export const builtInHooks: readonly string[] = [
  'ask_resources',
  'hb_takeover',
  'ip-request',
  'ip-request-resp',
  'status',
];

/** No dot but that of `TYPE.d`: editors and package managers leave files like `status.bak` and `status.dpkg-old`. */
export const hookNamePattern = /^[A-Za-z0-9_-]{1,64}(?:\.d)?$/;
