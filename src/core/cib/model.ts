/**
 * The configuration of a cluster in crm mode, as Pacemaker's CIB schema has it (2.1 and 3.0 vocabulary): an immutable, id-keyed
 * model shared by shell, daemon, policy and simulator. Only `xml.ts` touches XML. Values stay the strings that were written
 * (`"INFINITY"`, `"30s"`, `"yes"`): what a string means is said once, in `values.ts`, by those who ask. What the model has no
 * field for is kept in `rest` and written back, so that a configuration survives a visit here unchanged.
 *
 * Order matters where it is an array: Pacemaker breaks ties by the order of the document.
 */

/** Attributes of one element, as written. */
export type Attributes = Readonly<Record<string, string>>;

/** An element that the model does not interpret (ACLs, alerts, bundles, unknown ones), kept whole. */
export interface RawElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly RawElement[];
  /** Text of a comment; `name` is `#comment` then. */
  readonly text?: string;
}

/** What an element carried beyond the fields of its type: unknown attributes, and unknown children with their place. */
export interface Rest {
  readonly attributes?: Attributes;
  /** `index` is the place among all child elements at which the child stood. */
  readonly children?: readonly { readonly index: number; readonly element: RawElement }[];
  /** The names of the known children in their order, where that is not the order in which we would write them. */
  readonly order?: readonly string[];
  /** The rest of an element that only wraps what the model holds as a list: `operations`, `lrm`, a section. By its name. */
  readonly within?: Readonly<Record<string, Rest>>;
}

interface Kept {
  readonly description?: string;
  readonly rest?: Rest;
}

export interface Cib {
  /** The attributes of `<cib>`: admin_epoch, epoch, num_updates, validate-with, have-quorum, execution-date, ... */
  readonly attributes: Attributes;
  readonly configuration: Configuration;
  readonly status: Status;
  readonly rest?: Rest;
  /** Comments before and after `<cib>`. */
  readonly prolog?: readonly string[];
  readonly epilog?: readonly string[];
}

export interface Configuration {
  /** `<crm_config>`: usually one set, `cib-bootstrap-options`. */
  readonly properties: readonly NvSet[];
  readonly nodes: readonly NodeDefinition[];
  readonly resources: readonly ResourceDefinition[];
  readonly templates: readonly Template[];
  readonly constraints: readonly Constraint[];
  readonly resourceDefaults: readonly NvSet[];
  readonly operationDefaults: readonly NvSet[];
  readonly fencingTopology: readonly FencingLevel[];
  readonly tags: readonly Tag[];
  readonly acls?: RawElement;
  readonly alerts?: RawElement;
  /** Sections the model has no name for, and (`within`) what a section carries besides its content. */
  readonly rest?: Rest;
}

/** `<nvpair>`; with `idRef` it stands for the pair of that id. */
export interface NvPair extends Kept {
  readonly id?: string;
  readonly idRef?: string;
  readonly name?: string;
  readonly value?: string;
}

/** `meta_attributes`, `instance_attributes`, `utilization`, `cluster_property_set`: pairs that may hold only under a rule. */
export interface NvSet extends Kept {
  readonly id?: string;
  /** Stands for the set of that id, wherever it is. */
  readonly idRef?: string;
  readonly score?: string;
  readonly rule?: Rule;
  readonly pairs: readonly NvPair[];
}

export interface Rule extends Kept {
  readonly kind: 'rule';
  readonly id?: string;
  readonly idRef?: string;
  readonly score?: string;
  readonly scoreAttribute?: string;
  readonly booleanOp?: string;
  readonly role?: string;
  readonly expressions: readonly RuleExpression[];
}

export type RuleExpression = Rule | AttributeExpression | DateExpression | ResourceExpression | OperationExpression;

/** `<expression attribute= operation= value= type= value-source=>` */
export interface AttributeExpression extends Kept {
  readonly kind: 'attribute';
  readonly id?: string;
  readonly attribute: string;
  readonly operation: string;
  readonly value?: string;
  readonly type?: string;
  readonly valueSource?: string;
}

/** `<date_expression>` with `<duration>` or `<date_spec>` */
export interface DateExpression extends Kept {
  readonly kind: 'date';
  readonly id?: string;
  readonly operation?: string;
  readonly start?: string;
  readonly end?: string;
  /** Attributes of the child, its id included: hours, monthdays, weekdays, ... */
  readonly duration?: Attributes;
  readonly dateSpec?: Attributes;
}

/** `<rsc_expression class= provider= type=>`, in defaults only */
export interface ResourceExpression extends Kept {
  readonly kind: 'resource';
  readonly id?: string;
  readonly class?: string;
  readonly provider?: string;
  readonly type?: string;
}

/** `<op_expression name= interval=>`, in operation defaults only */
export interface OperationExpression extends Kept {
  readonly kind: 'operation';
  readonly id?: string;
  readonly name?: string;
  readonly interval?: string;
}

export interface NodeDefinition extends Kept {
  readonly id: string;
  readonly uname: string;
  readonly type?: string;
  readonly score?: string;
  /** `instance_attributes`: the permanent node attributes. */
  readonly attributes: readonly NvSet[];
  readonly utilization: readonly NvSet[];
}

export interface Operation extends Kept {
  readonly id?: string;
  readonly idRef?: string;
  readonly name: string;
  readonly interval?: string;
  /** Every other XML attribute of `<op>`: timeout, role, on-fail, start-delay, record-pending, enabled, interval-origin, ... */
  readonly attributes: Attributes;
  readonly meta: readonly NvSet[];
  readonly params: readonly NvSet[];
}

interface ResourceParts extends Kept {
  readonly id: string;
  readonly meta: readonly NvSet[];
  readonly params: readonly NvSet[];
  readonly utilization: readonly NvSet[];
}

export interface Primitive extends ResourceParts {
  readonly kind: 'primitive';
  readonly class?: string;
  readonly provider?: string;
  readonly type?: string;
  /** `template=`: then class, provider and type come from there. */
  readonly template?: string;
  readonly operations: readonly Operation[];
  /** `<operations id-ref=>` */
  readonly operationsIdRef?: string;
  readonly operationsId?: string;
}

export interface Group extends ResourceParts {
  readonly kind: 'group';
  readonly members: readonly Primitive[];
}

export interface Clone extends ResourceParts {
  readonly kind: 'clone';
  /** Written as `<master>`, the old word for a promotable clone. */
  readonly legacyMaster: boolean;
  readonly child: Primitive | Group;
}

/** `<bundle>`: kept, reported, not run. */
export interface Bundle {
  readonly kind: 'bundle';
  readonly id: string;
  readonly element: RawElement;
}

export type ResourceDefinition = Primitive | Group | Clone | Bundle;

export interface Template extends ResourceParts {
  readonly kind: 'template';
  readonly class?: string;
  readonly provider?: string;
  readonly type?: string;
  readonly operations: readonly Operation[];
  readonly operationsIdRef?: string;
  readonly operationsId?: string;
}

export type Constraint = LocationConstraint | ColocationConstraint | OrderConstraint | TicketConstraint;

/** `<resource_set>` */
export interface ResourceSet extends Kept {
  readonly id?: string;
  readonly idRef?: string;
  readonly members: readonly string[];
  readonly sequential?: string;
  readonly requireAll?: string;
  readonly ordering?: string;
  readonly action?: string;
  readonly role?: string;
  readonly score?: string;
  readonly kind?: string;
}

export interface LocationConstraint extends Kept {
  readonly kind: 'location';
  readonly id: string;
  readonly resource?: string;
  readonly resourcePattern?: string;
  readonly sets: readonly ResourceSet[];
  readonly role?: string;
  readonly node?: string;
  readonly score?: string;
  readonly rules: readonly Rule[];
  readonly resourceDiscovery?: string;
  /** `<lifetime>`: rules that say while it holds. */
  readonly lifetime?: readonly Rule[];
}

export interface ColocationConstraint extends Kept {
  readonly kind: 'colocation';
  readonly id: string;
  readonly score?: string;
  readonly scoreAttribute?: string;
  readonly scoreAttributeMangle?: string;
  /** `rsc`: the dependent. */
  readonly dependent?: string;
  readonly dependentRole?: string;
  readonly dependentInstance?: string;
  /** `with-rsc`: the primary. */
  readonly primary?: string;
  readonly primaryRole?: string;
  readonly primaryInstance?: string;
  readonly nodeAttribute?: string;
  readonly influence?: string;
  readonly sets: readonly ResourceSet[];
  readonly lifetime?: readonly Rule[];
}

export interface OrderConstraint extends Kept {
  readonly kind: 'order';
  readonly id: string;
  readonly orderKind?: string;
  readonly score?: string;
  readonly symmetrical?: string;
  readonly requireAll?: string;
  readonly first?: string;
  readonly firstAction?: string;
  readonly firstInstance?: string;
  readonly then?: string;
  readonly thenAction?: string;
  readonly thenInstance?: string;
  readonly sets: readonly ResourceSet[];
  readonly lifetime?: readonly Rule[];
}

export interface TicketConstraint extends Kept {
  readonly kind: 'ticket';
  readonly id: string;
  readonly ticket: string;
  readonly lossPolicy?: string;
  readonly resource?: string;
  readonly role?: string;
  readonly sets: readonly ResourceSet[];
}

export interface FencingLevel extends Kept {
  readonly id?: string;
  readonly index: string;
  /** Comma separated. */
  readonly devices: string;
  readonly target?: string;
  readonly targetPattern?: string;
  readonly targetAttribute?: string;
  readonly targetValue?: string;
}

export interface Tag extends Kept {
  readonly id: string;
  readonly references: readonly string[];
}

export interface Status {
  readonly nodes: readonly NodeState[];
  readonly tickets: readonly TicketState[];
  readonly rest?: Rest;
}

/** `<node_state>`: in_ccm, crmd, join, expected, shutdown, ... are in `attributes` as written. */
export interface NodeState {
  readonly id: string;
  readonly uname?: string;
  readonly attributes: Attributes;
  /** `<transient_attributes>`: fail counts, promotion scores, pings. */
  readonly transientAttributes: readonly NvSet[];
  /** Capacity that goes with the node's next start, beside what its definition says. */
  readonly transientUtilization: readonly NvSet[];
  readonly history: readonly ResourceHistory[];
  readonly rest?: Rest;
}

/** `<lrm_resource>` */
export interface ResourceHistory {
  readonly id: string;
  readonly class?: string;
  readonly provider?: string;
  readonly type?: string;
  /** container, shutdown-lock, ... */
  readonly attributes: Attributes;
  readonly operations: readonly RecordedOperation[];
  readonly rest?: Rest;
}

/** `<lrm_rsc_op>`: all its XML attributes as written (operation, interval, rc-code, op-status, call-id, op-digest, ...). */
export interface RecordedOperation {
  readonly id: string;
  readonly attributes: Attributes;
  readonly rest?: Rest;
}

/** `<ticket_state>` */
export interface TicketState {
  readonly id: string;
  /** granted, standby, last-granted, owner, ... */
  readonly attributes: Attributes;
  readonly rest?: Rest;
}
