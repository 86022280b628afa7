/**
 * Lets the event loop read its sockets before silence is believed: timers fire before sockets are read, so after a
 * pause a deadline passes although the word that moves it has already arrived.
 */
export function drain(turns: number, done: () => void): void {
  if (turns === 0) done();
  else setImmediate(() => drain(turns - 1, done));
}
