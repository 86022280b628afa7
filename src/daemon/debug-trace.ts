/**
 * `debug 2` and above: what goes into the core and what comes out of it, in the log, beside the journal that has it
 * anyway. Keys are left out, packets appear from level 3 on and only by their size.
 */
import type { EngineEffect, EngineEvent } from '../core/engine.ts';
import type { Logger } from '../io/logger.ts';
import type { DriverJournal } from './driver.ts';

const decisionsLevel = 2;
const packetsLevel = 3;
const detailLimit = 500;

export function tracing(journal: DriverJournal, log: Logger): DriverJournal {
  return {
    milestone: (record) => journal.milestone(record),
    settled: (nowUs) => journal.settled(nowUs),
    event(nowUs, event) {
      journal.event(nowUs, event);
      if (log.debugLevel() >= decisionsLevel) traceEvent(event, log);
    },
    effect(nowUs, effect) {
      journal.effect(nowUs, effect);
      if (log.debugLevel() >= decisionsLevel) traceEffect(effect, log);
    },
  };
}

function traceEvent({ to, event }: EngineEvent, log: Logger): void {
  if (event.type === 'datagram') {
    if (log.debugLevel() < packetsLevel) return;
    const { link, source, bytes } = event;
    return log.write('debug', { code: 'debug-received', fields: { link, source, bytes: bytes.length } });
  }
  if (event.type === 'environment' || event.type === 'socketsDrained') return;
  const detail = event.type === 'keysChanged' ? '' : brief(event);
  log.write('debug', { code: 'debug-event', fields: { to, type: event.type, detail } });
}

function traceEffect(effect: EngineEffect, log: Logger): void {
  // A log line is in the log already.
  if (effect.type === 'log') return;
  if (effect.type !== 'transmit') {
    return log.write('debug', { code: 'debug-effect', fields: { type: effect.type, detail: brief(effect) } });
  }
  if (log.debugLevel() >= packetsLevel)
    log.write('debug', { code: 'debug-sent', fields: { link: effect.link, bytes: effect.bytes.length } });
}

function brief(value: object): string {
  const { type: _type, nowUs: _nowUs, ...rest } = value as Record<string, unknown>;
  return JSON.stringify(rest).slice(0, detailLimit);
}
