/**
 * authkeys is read again while the daemon runs: by the verb `reloadKeys` and by a reload. Either the whole file holds
 * from this moment, or nothing changes and the reason is said. No packet is lost over it: the old keys are accepted until
 * the new ones are, and whatever leaves is signed anew.
 */
import { findingText } from '../core/config/finding-texts.ts';
import type { Finding } from '../core/config/findings.ts';
import type { Engine, EngineEvent } from '../core/engine.ts';
import { failure, type Result, success } from '../core/result.ts';
import { isEqualKey, judgeKeyChange } from '../core/transport/key-change.ts';
import { testAuthentication } from '../core/transport/self-test.ts';
import { nodeHashes } from '../io/hashes.ts';
import type { Log } from '../ports/log.ts';
import type { KeysReport } from '../protocol/schemas.ts';
import { loadAuthkeys } from './load-configuration.ts';

export interface ChangeKeysParts {
  readonly haDir: string;
  readonly engine: Engine;
  readonly feed: (event: EngineEvent) => void;
  readonly log: Log;
}

export interface ChangeKeysOptions {
  /** Who asked, for the log. */
  readonly who: string;
  /** Judge, and change nothing. */
  readonly dryRun?: boolean;
  /** The operator knows better than this node what the peer accepts. A file with errors is refused all the same. */
  readonly force?: boolean;
}

/** Problem codes: authkeys-invalid, authentication-self-test-failed, and those of `judgeKeyChange`. */
export async function changeKeys(parts: ChangeKeysParts, options: ChangeKeysOptions): Promise<Result<KeysReport>> {
  const changed = await readAndChange(parts, options);
  if (!changed.ok) parts.log.write('error', changed.problem);
  return changed;
}

async function readAndChange(parts: ChangeKeysParts, options: ChangeKeysOptions): Promise<Result<KeysReport>> {
  const { engine, feed, log } = parts;
  const { authentication, findings } = await loadAuthkeys(parts.haDir);
  if (authentication === undefined) return failure('authkeys-invalid', firstError(findings));
  const proven = testAuthentication(authentication, nodeHashes);
  if (!proven.ok) return proven;
  // From here on without a pause: the judgement holds for the moment of the change.
  const { transport } = engine;
  const judged = judgeKeyChange(transport, authentication);
  if (!judged.ok && options.force !== true) return judged;
  const before = transport.authentication;
  const isSame =
    before.sendIndex === authentication.sendIndex &&
    before.keys.length === authentication.keys.length &&
    before.keys.every((key, position) => isEqualKey(key, authentication.keys[position]));
  const signsWith = authentication.sendIndex;
  const accepts = authentication.keys.map(({ index, method }) => ({ index, method }));
  const report: KeysReport = { changed: !isSame, signsWith, accepts };
  if (isSame || options.dryRun === true) return success(report);
  feed({ to: 'transport', event: { type: 'keysChanged', authentication } });
  const numbers = accepts.map(({ index }) => index).join(' ');
  log.write('notice', { code: 'keys-changed', fields: { who: options.who, index: signsWith, accepts: numbers } });
  return success(report);
}

function firstError(findings: readonly Finding[]): { line: number; reason: string } {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error === undefined) return { line: 0, reason: '' };
  return { line: error.line, reason: findingText(error.code).problem(error.fields) };
}
