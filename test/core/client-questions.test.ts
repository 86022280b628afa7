import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/core/transport/message.ts';
import { LoneNode } from './lone-node.ts';

const ask = { verb: 'askClient', client: 'ipfail' } as const;
const said = (node: LoneNode) =>
  node
    .ofType('send')
    .map(({ message, dest }) =>
      [dest, ...message.fields.map(({ name, value }) => `${name}=${String(value)}`)].join(' '),
    );

describe('does a helper run on the other node', () => {
  it('is asked with the message of Heartbeat, and answered by what comes back', () => {
    const node = LoneNode.settled().command(ask, 7);
    expect(said(node)).toEqual(['node2 t=query-cstatus cn=ipfail from_id=1']);
    expect(node.replies).toEqual([]);
    node.message(messageOf('respond-cstatus', { result: 'OK', cn: 'ipfail', to_id: '1', cs: 'online' }));
    expect(node.replies).toEqual(['7 ok final']);
    node.command(ask, 8).message(messageOf('respond-cstatus', { cn: 'ipfail', to_id: '2', cs: 'offline' }));
    expect(node.replies).toEqual(['7 ok final', '8 client-offline final']);
  });

  it('is answered once: neither a second answer nor one to nobody counts', () => {
    const node = LoneNode.settled().command(ask);
    const answer = messageOf('respond-cstatus', { cn: 'ipfail', to_id: '1', cs: 'online' });
    node
      .message(messageOf('respond-cstatus', { cn: 'ipfail', to_id: '99', cs: 'online' }))
      .message(answer)
      .message(answer);
    expect(node.replies).toEqual(['1 ok final']);
  });

  it('is no at once when the node is not there', () => {
    const node = LoneNode.settled().silent().forget().command(ask);
    expect(node.replies).toEqual(['1 client-offline final']);
    expect(said(node)).toEqual([]);
  });

  it('keeps no more than a few questions that nobody answers', () => {
    const node = LoneNode.settled();
    for (let round = 0; round < 100; round++) node.command(ask, round);
    expect(node.state.questions.waiting.size).toBeLessThanOrEqual(16);
  });

  it('is answered to a real Heartbeat that asks us', () => {
    const query = (client: string) => messageOf('query-cstatus', { cn: client, from_id: '11550' });
    const node = LoneNode.settled({ clients: ['ipfail'] })
      .message(query('ipfail'))
      .message(query('cl_status'));
    expect(said(node)).toEqual([
      'node2 t=respond-cstatus result=OK cn=ipfail to_id=11550 cs=online',
      'node2 t=respond-cstatus result=OK cn=cl_status to_id=11550 cs=offline',
    ]);
  });
});
