/** Sends echo requests and prints how many were answered within half a second. Started as: echo-main DEVICE ADDRESS COUNT */
import { createWaiter, fastBootClock } from './libc.ts';
import { openEchoSender, openPacketReader } from './packets.ts';

const [, , device = '', address = '', countText = '1'] = process.argv;
const identifier = process.pid & 0xffff;
const nowUs = fastBootClock();
const sender = openEchoSender(address, identifier);
const reader = openPacketReader(device, identifier);
const wait = createWaiter([reader.fd]);
const count = Number(countText);
let answers = 0;

for (let sequence = 0; sequence < count; sequence += 1) sender.send(sequence);
const giveUpAt = nowUs() + 500_000;
while (answers < count && nowUs() < giveUpAt) {
  wait(giveUpAt - nowUs());
  for (let seen = reader.read(); seen !== undefined; seen = reader.read()) if (seen.kind === 'echo') answers += 1;
}
console.log(answers);
