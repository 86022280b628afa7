/**
 * The directive table as JSON Schema: what `check --json` answers under `configuration.parameters`, for editors and
 * for configuration management that wants to validate before it writes a file.
 */
import type { Directive } from './directives.ts';
import { directives, isScalar } from './directives.ts';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export function parametersSchema(file: Directive['file'] = 'ha.cf'): JsonSchema {
  const scalars = directives.filter((directive) => directive.file === file && isScalar(directive));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Scalar directives of ${file}, as text`,
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(scalars.map((directive) => [directive.name, propertySchema(directive)])),
  };
}

/** The spellings to be written; the parser reads a few more, as Heartbeat does, and says so. */
function propertySchema(directive: Directive): JsonSchema {
  const description = directive.summary;
  const { shape } = directive;
  switch (shape.kind) {
    case 'time':
      return {
        type: 'string',
        description,
        pattern: `^(${shape.auto ? 'auto|' : ''}[0-9]+([.][0-9]+)?(ms|msec|us|usec)?)$`,
      };
    case 'integer':
      return { type: 'string', description, pattern: '^[0-9]+$' };
    case 'boolean':
      return { type: 'string', description, pattern: '^([Tt]rue|[Oo]n|[Yy]es|[Yy]|1|[Ff]alse|[Oo]ff|[Nn]o|[Nn]|0)$' };
    case 'failback':
      return { type: 'string', description, pattern: '^(on|off|legacy|true|false|yes|no|y|n|1|0)$' };
    case 'choice':
      return { type: 'string', description, enum: [...shape.choices] };
    default:
      return { type: 'string', description, minLength: 1 };
  }
}
