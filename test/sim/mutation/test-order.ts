/** The order of the test files in a batch: those that lie where a changed source would have its test come first. */
import { dirname, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from './root.ts';

export class TestOrder extends BaseSequencer {
  readonly #mirrors: ReadonlySet<string>;
  readonly #folders: ReadonlySet<string>;

  constructor(context: ConstructorParameters<typeof BaseSequencer>[0], changed: readonly string[]) {
    super(context);
    const mirrors = changed.map((file) => file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts'));
    this.#mirrors = new Set(mirrors);
    this.#folders = new Set(mirrors.map((file) => dirname(file)));
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((left, right) => this.#rank(left) - this.#rank(right));
  }

  #rank({ moduleId }: TestSpecification): number {
    const file = relative(root, moduleId);
    return this.#mirrors.has(file) ? 0 : this.#folders.has(dirname(file)) ? 1 : 2;
  }
}
