/** `%1` in a rule of a location with a resource pattern stands for what the first pair of brackets matched. */
export function expandCaptures(text: string, captures: readonly (string | undefined)[] | undefined): string {
  if (captures === undefined || !text.includes('%')) return text;
  return text.replaceAll(/%(\d)/g, (whole, digit: string) => {
    const index = Number(digit);
    return index < captures.length ? (captures[index] ?? '') : whole;
  });
}
