/** Nested lists as Pacemaker's tools print them; in the terse form (with scores) there are no headings and no bullets. */
export class Outline {
  readonly #terse: boolean;
  #depth = 0;
  #text = '';

  constructor(terse = false) {
    this.#terse = terse;
  }

  /** A list with a heading; `fill` writes its items. */
  list(title: string, fill: () => void): void {
    if (!this.#terse) this.item(`${title}:`);
    this.#depth += 1;
    fill();
    this.#depth -= 1;
  }

  item(text: string): void {
    const bullet = this.#depth === 0 || this.#terse ? '' : `${'  '.repeat(this.#depth)}* `;
    this.#text += `${bullet}${text}\n`;
  }

  /** Nodes that have something in common. */
  names(label: string, names: readonly string[]): void {
    if (names.length > 0) this.item(`${label === '' ? '' : `${label}: `}[ ${names.join(' ')} ]`);
  }

  blank(): void {
    this.#text += '\n';
  }

  get terse(): boolean {
    return this.#terse;
  }

  text(): string {
    return this.#text;
  }
}
