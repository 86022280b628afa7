/** CIBs for the tests, written as short as they are read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cib } from '../../../src/core/cib/model.ts';
import { parseCib } from '../../../src/core/cib/xml.ts';

/** One of everything, in our layout. */
export const everything = readFileSync(join(import.meta.dirname, 'everything.xml'), 'utf8');

export function parsed(text: string): Cib {
  const result = parseCib(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value.cib;
}

/** The sections' contents, in a CIB that is otherwise as small as can be. */
export function cibWith(parts: {
  properties?: string;
  nodes?: string;
  resources?: string;
  constraints?: string;
  more?: string;
}): Cib {
  return parsed(`<cib><configuration>
    <crm_config>${parts.properties ?? ''}</crm_config>
    <nodes>${parts.nodes ?? '<node id="1" uname="alpha"/><node id="2" uname="beta"/>'}</nodes>
    <resources>${parts.resources ?? ''}</resources>
    <constraints>${parts.constraints ?? ''}</constraints>
    ${parts.more ?? ''}</configuration></cib>`);
}
