// @ts-check
/** Events with a detail, and the text of an error: the few lines that every folder needs. */

/**
 * Dispatches an event.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {unknown} [detail]
 */
export function emit(target, type, detail) {
  target.dispatchEvent(new CustomEvent(type, { detail }));
}

/**
 * Calls `handle` with the detail of every event of a type.
 *
 * @param {EventTarget} target
 * @param {string} type
 * @param {(detail: any) => void} handle
 */
export function on(target, type, handle) {
  target.addEventListener(type, (event) => handle(/** @type {CustomEvent} */ (event).detail));
}

/**
 * What an error says, whatever was thrown.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
