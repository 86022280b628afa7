/**
 * Text that came from a peer, an agent or a file, made safe to show: nothing of it may move the cursor, turn the text
 * round, retitle the window or start a new line.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}
