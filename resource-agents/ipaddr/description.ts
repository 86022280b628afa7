/** Parameters and actions of IPaddr as data; the meta-data XML and the documentation are made from it. */
import type { AgentDescription } from '../context.ts';

export const ipaddrDescription: AgentDescription = {
  name: 'IPaddr',
  version: '1.0',
  summary: 'Service address (IPv4 or IPv6)',
  description:
    'Configures an IPv4 or IPv6 address on a network device and announces it, so that neighbours find it here at once.',
  parameters: [
    {
      name: 'ip',
      type: 'string',
      required: true,
      unique: true,
      summary: 'Address',
      description: 'The IPv4 or IPv6 address, for example 192.168.1.100 or 2001:db8::10.',
    },
    {
      name: 'nic',
      type: 'string',
      required: false,
      unique: false,
      summary: 'Network device',
      description: 'Where the address goes. Without it: the device whose connected network contains the address.',
    },
    {
      name: 'cidr_netmask',
      type: 'string',
      required: false,
      unique: false,
      summary: 'Netmask',
      description: 'Prefix length (24) or dotted netmask (255.255.255.0). Without it: that of the connected network.',
    },
    {
      name: 'broadcast',
      type: 'string',
      required: false,
      unique: false,
      summary: 'Broadcast address',
      description: 'IPv4 only. Without it: the last address of the network.',
    },
    {
      name: 'iflabel',
      type: 'string',
      required: false,
      unique: false,
      summary: 'Label',
      description: 'IPv4 only. Shown behind the device name: eth0:LABEL.',
    },
  ],
  actions: [
    { name: 'start', timeoutSeconds: 20 },
    { name: 'stop', timeoutSeconds: 20 },
    { name: 'status', timeoutSeconds: 20, intervalSeconds: 10 },
    { name: 'monitor', timeoutSeconds: 20, intervalSeconds: 10 },
    { name: 'validate-all', timeoutSeconds: 20 },
    { name: 'meta-data', timeoutSeconds: 5 },
  ],
};
