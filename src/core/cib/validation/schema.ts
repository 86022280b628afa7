/**
 * What may stand in a `<configuration>`, as data: for each type of element its attributes, what must be there, what
 * excludes what, and its children. The facts are those of Pacemaker's schema 3.9, the newest that 2.1 reads; names of both
 * vocabularies are in it. What walks a tree along it is `structure.ts`.
 */
import type { RawElement } from '../model.ts';
import { constraintTypes } from './schema-constraints.ts';
import { resourceTypes } from './schema-resources.ts';
import { sectionTypes } from './schema-sections.ts';

/** What a value may be. `id` gives a name that is unique in the document, `idref` uses one. */
export type ValueType =
  | 'text'
  | 'id'
  | 'idref'
  | 'boolean'
  | 'integer'
  | 'natural'
  | 'positive'
  | 'score'
  | { readonly words: readonly string[] }
  | { readonly pattern: RegExp; readonly expected: string };

export type Count = 'any' | 'some' | 'one' | 'optional';

/** Alternatives of which exactly one must be used. A name is an attribute, `<name>` a child; those of one list belong together. */
export type Alternatives = readonly (readonly string[])[];

export interface ElementType {
  readonly attributes: Readonly<Record<string, ValueType>>;
  readonly required?: readonly string[];
  readonly exactlyOne?: readonly Alternatives[];
  /** Attributes of which at most one may be there. */
  readonly atMostOne?: readonly (readonly string[])[];
  /** An attribute that is allowed only beside one of others. */
  readonly onlyWith?: Readonly<Record<string, readonly string[]>>;
  /** May be `id-ref` instead of everything else; the attributes that may stand beside it. */
  readonly byReference?: readonly string[];
  /** Child element name to the type it has here and how often it may stand. */
  readonly children?: Readonly<Record<string, readonly [type: string, count: Count]>>;
  /** Names of children of which at least one must be there. */
  readonly someOf?: readonly string[];
  /** What tables cannot say. */
  readonly special?: (element: RawElement) => readonly Special[];
}

export interface Special {
  readonly code: 'cib-attribute-missing' | 'cib-attribute-misplaced' | 'cib-element-missing' | 'cib-element-misplaced';
  /** The attribute or child in question. */
  readonly name: string;
  /** When that is so. */
  readonly where: string;
}

export const schema: Readonly<Record<string, ElementType>> = { ...sectionTypes, ...resourceTypes, ...constraintTypes };
