/**
 * Heartbeat's log file, line by line, and the template of a line: the line without what differs from run to run, so
 * that a complaint in one run can be looked up among those of another.
 */
export interface LogLine {
  readonly level: string;
  readonly text: string;
}

/** Levels at which a real node complains. Scripts log through the same file with levels of their own. */
const complaining = new Set(['WARN', 'WARNING', 'ERROR', 'CRIT', 'CRITICAL', 'EMERG', 'ALERT']);

/** How late its own main loop was: a matter between it and the computer, whoever the peer is. */
const aboutThisComputer = /^G\w+: Dispatch function for .* (was delayed|took too long to execute)/;

/** The daemon's lines, `Nov 25 13:24:12 node1 heartbeat: [16]: WARN: text`. */
const daemonLine = /^[A-Z][a-z]{2} +\d+ [\d:]{8} \S+ \S+ \[\d+\]: ([A-Za-z]+): ?(.*)$/;
/** Those of its scripts, `2026/11/25_13:24:22  ResourceManager(default)[234]:    info: text`, some without a level. */
const scriptLine = /^\d{4}\/\d\d\/\d\d_[\d:]{8}\s+\S+\[\d+\]:\s+(?:([A-Za-z]+):)?\s*(.*)$/;

export function parseLog(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = daemonLine.exec(line) ?? scriptLine.exec(line);
      return match === null ? { level: '', text: line } : { level: (match[1] ?? '').toUpperCase(), text: match[2]! };
    });
}

export function complaints(lines: readonly LogLine[]): LogLine[] {
  return lines.filter((line) => complaining.has(line.level) && !aboutThisComputer.test(line.text));
}

/** The level and the words; numbers, node names, addresses and devices are replaced by what they are. */
export function templateOf({ level, text }: LogLine): string {
  // A dumped packet says the same thing once for each of its fields.
  if (/^MSG(\[\d+\])?[ :]/.test(text)) return `${level}: MSG: a packet, dumped`;
  const words = text
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, 'UUID')
    .replace(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?\b/g, 'ADDRESS')
    .replace(/\bnode[12]\b/g, 'NODE')
    .replace(/\b(httpd|ftpd)\b/g, 'SERVICE')
    .replace(/\beth\d\b/g, 'DEVICE')
    .replace(/\b(our|foreign) resources\b/g, 'CLASS resources')
    .replace(/\b0x[0-9a-f]+\b/gi, 'NUMBER')
    .replace(/\b\d+(\.\d+)?(?=ms\b|\b)/g, 'NUMBER');
  return `${level}: ${words.trim()}`;
}
