/**
 * Processes that a test starts and that end with it, whatever happens, with everything that they started themselves.
 */
import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => running.forEach(end));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => process.exit(1));

/**
 * Starts a process, with a process group of its own.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions}} [options]
 */
export function begin(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'], ...options, detached: true });
  running.add(child);
  child.on('error', () => running.delete(child));
  return child;
}

/** Ends a process and all of its group. @param {import('node:child_process').ChildProcess} child */
export function end(child) {
  running.delete(child);
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * What a pattern finds in what a process writes.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {import('node:stream').Readable} stream
 * @param {RegExp} pattern
 * @param {number} [timeout]  in milliseconds
 * @returns {Promise<RegExpExecArray>}
 */
export function written(child, stream, pattern, timeout = 60_000) {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (/** @type {string} */ why) => reject(new Error(`${child.spawnfile} ${why}; it wrote: ${text}`));
    const timer = setTimeout(() => fail(`did not write ${pattern} within ${timeout} ms`), timeout);
    child.on('error', (error) => fail(error.message));
    child.on('exit', (code) => fail(`ended with ${code}`));
    stream.on('data', (piece) => {
      text += piece;
      const found = pattern.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}
