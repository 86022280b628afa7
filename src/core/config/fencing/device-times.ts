/**
 * How long a fence agent may take, by what is written on its line and else by its own defaults. The defaults that differ from
 * the library's (login 5 s, power 20 s, no wait) are those that the metadata of fence-agents 4.12 (Debian 12) print.
 */
import { type FenceParameters, fenceKindOf, fenceProgramOf } from './fence-device.ts';

export interface DeviceTimes {
  /** Until it gives up: the attempt must be allowed as long. */
  readonly longestSeconds: number;
  /** What it takes at least, or is usually given: on its own machine the other node is off no sooner. */
  readonly usualSeconds: number;
  readonly usualBy: 'waits' | 'power_timeout';
}

type Timing = 'login_timeout' | 'power_timeout' | 'power_wait' | 'delay';

const library: Readonly<Record<Timing, number>> = { login_timeout: 5, power_timeout: 20, power_wait: 0, delay: 0 };

const agents: Readonly<Record<string, Partial<Record<Timing, number>>>> = {
  fence_aliyun: { power_timeout: 60 },
  fence_aws: { power_timeout: 60 },
  fence_azure_arm: { power_timeout: 150 },
  fence_bladecenter: { power_wait: 10 },
  fence_eaton_snmp: { power_wait: 2 },
  fence_emerson: { power_wait: 5 },
  fence_gce: { power_timeout: 60 },
  fence_hds_cb: { power_wait: 5 },
  fence_hpblade: { login_timeout: 10 },
  fence_ibm_powervs: { power_wait: 1, power_timeout: 30 },
  fence_ibm_vpc: { power_wait: 1, power_timeout: 30 },
  fence_ibmz: { power_timeout: 300 },
  fence_idrac: { power_wait: 2 },
  fence_ilo: { login_timeout: 10 },
  fence_ilo2: { login_timeout: 10 },
  fence_ilo3: { power_wait: 4 },
  fence_ilo3_ssh: { power_wait: 5 },
  fence_ilo4: { power_wait: 2 },
  fence_ilo4_ssh: { power_wait: 5 },
  fence_ilo5: { power_wait: 2 },
  fence_ilo5_ssh: { power_wait: 5 },
  fence_ilo_mp: { power_wait: 5 },
  fence_ilo_ssh: { power_wait: 5 },
  fence_imm: { power_wait: 2 },
  fence_ipmilan: { power_wait: 2 },
  fence_ipmilanplus: { power_wait: 2 },
  fence_kubevirt: { power_timeout: 40 },
  fence_lpar: { login_timeout: 15 },
  fence_openstack: { power_timeout: 60 },
  fence_powerman: { power_wait: 3, delay: 3 },
  fence_rcd_serial: { power_wait: 2 },
  fence_rhevm: { power_wait: 1 },
  fence_rsa: { login_timeout: 10 },
  fence_sbd: { power_timeout: 30 },
  fence_vmware_rest: { power_wait: 1 },
  fence_vmware_vcloud: { power_wait: 1 },
  fence_wti: { login_timeout: 10 },
};

/** Undefined for what is no fence agent: nothing is known of it. */
export function deviceTimes(type: string, parameters: FenceParameters | undefined): DeviceTimes | undefined {
  if (fenceKindOf(type) !== 'agent' || parameters?.form !== 'named') return undefined;
  const program = fenceProgramOf(type);
  const own = Object.hasOwn(agents, program) ? agents[program]! : {};
  const seconds = (name: Timing): number => {
    const otherwise = own[name] ?? library[name];
    const written = Number(parameters.values[name] ?? otherwise);
    return Number.isFinite(written) && written >= 0 ? written : otherwise;
  };
  const waits = seconds('power_wait') + seconds('delay');
  // Who made the agent found the usual time too short for it.
  const given = own.power_timeout === undefined ? 0 : seconds('power_timeout');
  return {
    longestSeconds: seconds('login_timeout') + seconds('power_timeout') + waits,
    usualSeconds: Math.max(waits, given),
    usualBy: given > waits ? 'power_timeout' : 'waits',
  };
}
