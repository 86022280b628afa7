export type NoQuorumPolicy = 'stop' | 'freeze' | 'ignore' | 'demote' | 'suicide';
export type PlacementStrategy = 'default' | 'utilization' | 'minimal' | 'balanced';

/** The cluster options that decide something, already understood. Times in milliseconds. */
export interface ClusterOptions {
  noQuorumPolicy: NoQuorumPolicy;
  symmetricCluster: boolean;
  fencingEnabled: boolean;
  fencingAction: 'reboot' | 'off';
  fencingTimeoutMs: number;
  concurrentFencing: boolean;
  startupFencing: boolean;
  priorityFencingDelayMs: number;
  nodePendingTimeoutMs: number;
  watchdogFencing: boolean;
  maintenanceMode: boolean;
  stopAllResources: boolean;
  stopOrphanResources: boolean;
  stopOrphanActions: boolean;
  removeAfterStop: boolean;
  startFailureIsFatal: boolean;
  enableStartupProbes: boolean;
  shutdownLock: boolean;
  shutdownLockLimitMs: number;
  placementStrategy: PlacementStrategy;
  nodeHealthStrategy: 'none' | 'migrate-on-red' | 'only-green' | 'progressive' | 'custom';
  nodeHealthBase: number;
  nodeHealthGreen: number;
  nodeHealthYellow: number;
  nodeHealthRed: number;
  /** Every option as written, for what has no field. */
  raw: ReadonlyMap<string, string>;
}
