import { describe, expect, it } from 'vitest';
import { readScriptMessage, whyNotSaid } from '../../src/core/script-messages.ts';
import { type Message, messageOf } from '../../src/core/transport/message.ts';

describe('what a script may put into the FIFO', () => {
  it.each<[Message, object]>([
    [messageOf('ask_resources', { rsc_hold: 'foreign', info: 'me' }), { verb: 'standby', scope: 'foreign' }],
    [messageOf('ask_resources', { info: 'me', rsc_hold: 'all', pbask: 'a b' }), { scope: 'all', groups: ['a', 'b'] }],
    [messageOf('hb_takeover', { rsc_hold: 'local' }), { verb: 'takeover', scope: 'local' }],
    [messageOf('hello', { words: 'x' }), { verb: 'say', message: messageOf('hello', { words: 'x' }) }],
  ])('%j becomes a command', (message, command) => {
    expect(readScriptMessage(message)).toMatchObject({ ok: true, value: { kind: 'command', command } });
  });

  it('names nodes, weights and sites', () => {
    const read = (type: string, fields: Record<string, string>) => readScriptMessage(messageOf(type, fields));
    expect(read('addnode', { nodelist: 'node3 ' })).toMatchObject({ value: { verb: 'addNode', nodes: ['node3'] } });
    expect(read('delnode', { nodelist: 'a b' })).toMatchObject({ value: { verb: 'deleteNode', nodes: ['a', 'b'] } });
    expect(read('setweight', { node: 'n', weight: '5' })).toMatchObject({ value: { node: 'n', weight: '5' } });
    expect(read('setsite', { node: 'n', site: 'cellar' })).toMatchObject({ value: { node: 'n', site: 'cellar' } });
  });

  it.each([
    ['status', 'protocol'],
    ['NS_ackmsg', 'protocol'],
    ['shutdone', 'protocol'],
    ['starting', 'protocol'],
    ['resource', 'protocol'],
    ['reqnodes', 'protocol'],
    ['repnodes', 'protocol'],
    ['ip-request-resp', 'protocol'],
    ['you_are_dead', 'protocol'],
    ['start_outdate', 'protocol'],
    ['hbapi-req', 'protocol'],
    ['pbsomething', 'protocol'],
    ['', 'type'],
    ['two words', 'type'],
    ['../etc', 'type'],
    ['x'.repeat(65), 'type'],
  ])('refuses %s: %s', (type, reason) => {
    expect(readScriptMessage(messageOf(type))).toMatchObject({ problem: { fields: { reason } } });
  });

  it.each<[string, Message]>([
    ['protocol', messageOf('ask_resources', { rsc_hold: 'all', info: 'done' })],
    ['protocol', messageOf('ask_resources', { rsc_hold: 'all' })],
    ['scope', messageOf('ask_resources', { rsc_hold: 'everything', info: 'me' })],
    ['scope', messageOf('hb_takeover')],
    ['field', messageOf('hello', { pbrep: '9 9 m 1', pbgrp: '' })],
    ['size', messageOf('hello', { words: 'x'.repeat(9000) })],
    ['size', messageOf('hello', Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, ''])))],
    ['binary', { fields: [...messageOf('hello').fields, { name: 'uuid', value: new Uint8Array(3) }] }],
    ['protocol', { fields: [{ name: 't', value: 'status' }, ...messageOf('hello').fields] }],
  ])('refuses by %s what would forge or flood', (reason, message) => {
    expect(readScriptMessage(message)).toMatchObject({
      problem: { code: 'script-message-refused', fields: { reason } },
    });
  });

  it('may be said for a tool: weight and site', () => {
    expect(whyNotSaid(messageOf('setweight', { node: 'node2', weight: '50' }))).toBeUndefined();
    expect(whyNotSaid(messageOf('resource', { rsc_hold: 'all' }))).toBeDefined();
  });
});
