export async function playPretended(_timers: unknown, _availability: unknown): Promise<number> {
  return 1;
}
