/** How often each kind of fault has struck, and what the pair was busy with when it did. */
import { type FaultName, faultNames } from './faults/kinds.ts';
import { type Phase, phases } from './phase.ts';

export type Matrix = Record<string, Record<Phase, number>>;

export class FaultCounts {
  readonly matrix: Matrix = emptyMatrix();

  count(kind: FaultName, phase: Phase): void {
    this.matrix[kind]![phase]++;
  }

  get total(): number {
    return Object.values(byKind(this.matrix)).reduce((sum, count) => sum + count, 0);
  }
}

export function emptyMatrix(): Matrix {
  return Object.fromEntries(faultNames.map((name) => [name, emptyRow()]));
}

/** Into the first of the two. */
export function addMatrix(total: Matrix, more: Readonly<Matrix>): void {
  for (const [kind, row] of Object.entries(more)) {
    const sum = total[kind] ?? emptyRow();
    for (const phase of phases) sum[phase] += row[phase];
    total[kind] = sum;
  }
}

export function byKind(matrix: Readonly<Matrix>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(matrix).map(([kind, row]) => [kind, phases.reduce((sum, phase) => sum + row[phase], 0)]),
  );
}

/** `kind x phase` of every fault that has never struck in some phase. */
export function emptyCells(matrix: Readonly<Matrix>): string[] {
  return Object.entries(matrix).flatMap(([kind, row]) =>
    phases.filter((phase) => row[phase] === 0).map((phase) => `${kind} x ${phase}`),
  );
}

export function matrixTable(matrix: Readonly<Matrix>): string[] {
  const cells = (kind: string, values: readonly (string | number)[]) =>
    kind.padEnd(14) + values.map((value) => String(value).padStart(10)).join('');
  return [
    cells('fault', phases),
    ...Object.entries(matrix).map(([kind, row]) =>
      cells(
        kind,
        phases.map((phase) => row[phase]),
      ),
    ),
  ];
}

function emptyRow(): Record<Phase, number> {
  return { idle: 0, start: 0, stop: 0, fencing: 0, handover: 0, join: 0 };
}
