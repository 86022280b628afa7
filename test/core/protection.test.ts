import { describe, expect, it } from 'vitest';
import { protectionOf } from '../../src/core/protection.ts';
import { wordsOf } from '../../src/protocol/catalogue.ts';
import { answering, LoneNode } from './lone-node.ts';

const shutdone = { fields: [{ name: 't', value: 'shutdone' }] };
const stopFails = answering({ 'stop vip#1': 'failed' });
const startFails = answering({ 'start vip#0': 'failed' });

function behaving(answer: LoneNode['answer'], act: (node: LoneNode) => LoneNode): LoneNode {
  const node = new LoneNode();
  node.answer = answer;
  return act(node.boot().heard().says());
}

describe('protection', () => {
  it.each<[string, string, () => LoneNode]>([
    ['CANNOT FAIL OVER', 'protection-peer-never-seen', () => new LoneNode().boot().pass(1000)],
    ['CANNOT FAIL OVER', 'protection-joining', () => new LoneNode().boot().heard()],
    ['CANNOT FAIL OVER', 'protection-joining', () => LoneNode.settled().says({}, { stage: 'leaving' })],
    ['CANNOT FAIL OVER', 'protection-peer-left', () => LoneNode.settled().message(shutdone)],
    ['CANNOT FAIL OVER', 'protection-peer-silent', () => silentWithNothingTaken()],
    ['UNPROTECTED', 'protection-took-over-on-silence', () => LoneNode.settled().silent()],
    ['CANNOT FAIL OVER', 'protection-peer-deaf', () => LoneNode.settled().says({}, { fields: { pbsees: 'dead' } })],
    ['CANNOT FAIL OVER', 'protection-stop-failed', () => LoneNode.settled().says({ web: 'f' })],
    [
      'CANNOT FAIL OVER',
      'protection-stop-failed',
      () =>
        behaving(stopFails, (node) =>
          node.command({ verb: 'standby', scope: 'all' }).asks('other', 'vip').pass(500).says(),
        ),
    ],
    ['CANNOT FAIL OVER', 'protection-start-failed', () => LoneNode.settled().says({ web: 'x*' })],
    ['CANNOT FAIL OVER', 'protection-start-failed', () => behaving(startFails, (node) => node.says())],
    ['UNPROTECTED', 'protection-none', () => LoneNode.settled()],
  ])('%s %s', (state, code, make) => {
    const view = protectionOf(make().state);
    expect(view).toMatchObject({ state, code, fields: { peer: 'node2' } });
    expect(wordsOf(code)).toBeDefined();
  });

  it('names the groups that were taken on silence', () => {
    expect(protectionOf(LoneNode.settled().silent().state).fields['groups']).toBe('web');
  });
});

/** The peer held nothing that could be taken: its one group cannot be started here. */
function silentWithNothingTaken(): LoneNode {
  const node = LoneNode.settled();
  node.answer = answering({ 'start web#0': 'failed' });
  return node.silent();
}
