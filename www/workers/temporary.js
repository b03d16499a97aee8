// @ts-check
import { WorkerLost } from './messages.js';

/** An image was not embedded, and need not be to blame: it may be tried again. */
export class Temporary extends Error {}

/** @param {unknown} error */
export function isTemporary(error) {
  return error instanceof Temporary || error instanceof WorkerLost;
}
