/** What the processes of the real rounds say to each other, one line of JSON each. */

/** Name, value, and `bytes` where the value is base64. */
export type PackedMessage = readonly (readonly string[])[];

export type ParentLine =
  | { readonly what: 'peer'; readonly isMember: boolean; readonly leads: boolean }
  | { readonly what: 'message'; readonly message: PackedMessage }
  /** `bytes`: how much to add to the document. */
  | { readonly what: 'commit'; readonly id: number; readonly token: string; readonly bytes: number };

export type ChildLine =
  | { readonly what: 'started'; readonly condition: string; readonly digest: string }
  | { readonly what: 'send'; readonly message: PackedMessage }
  | { readonly what: 'changed'; readonly digest: string }
  | { readonly what: 'problem'; readonly code: string }
  | {
      readonly what: 'answer';
      readonly id: number;
      readonly token: string;
      readonly where: 'both' | 'here';
      readonly digest: string;
    }
  | { readonly what: 'refused'; readonly id: number; readonly token: string; readonly code: string };
