/**
 * Where things lie: the configuration, what must survive a reboot, sockets, logs. Daemon and tools agree through this
 * one function: an option wins over the environment, the environment over Heartbeat's own places.
 */
export interface Directories {
  readonly haDir: string;
  readonly stateDir: string;
  readonly runDir: string;
  readonly logDir: string;
}

export const defaultDirectories: Directories = {
  haDir: '/etc/ha.d',
  stateDir: '/var/lib/heartbeat',
  runDir: '/run/heartbeat',
  logDir: '/var/log',
};

/** `environment` is `process.env` in production. An empty variable counts as unset. */
export function directoriesFrom(
  options: { readonly [Name in keyof Directories]?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Directories {
  return {
    haDir: options.haDir || environment['PAIRBEAT_HA_DIR'] || defaultDirectories.haDir,
    stateDir: options.stateDir || environment['PAIRBEAT_STATE_DIR'] || defaultDirectories.stateDir,
    runDir: options.runDir || environment['PAIRBEAT_RUN_DIR'] || defaultDirectories.runDir,
    logDir: options.logDir || environment['PAIRBEAT_LOG_DIR'] || defaultDirectories.logDir,
  };
}
