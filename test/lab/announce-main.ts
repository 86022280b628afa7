/** Announces an address by gratuitous ARP, as a cluster manager does. Started as: announce-main DEVICE ADDRESS MAC */
import { openArpAsker } from './packets.ts';

const [, , device = '', address = '', mac = ''] = process.argv;
openArpAsker(device, mac, address, address).ask();
