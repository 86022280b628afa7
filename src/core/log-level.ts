/** In order of urgency, as syslog has them. */
export type LogLevel = 'critical' | 'error' | 'warning' | 'notice' | 'info' | 'debug';
