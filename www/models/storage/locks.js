// @ts-check
/** One tab at a time writes a model; several may use it. */

/** @param {string} id */
const writing = (id) => `reid-web model ${id}`;
/** @param {string} id */
const using = (id) => `reid-web model ${id} in use`;

/**
 * Does `work` while no other tab writes this model.
 *
 * @template T
 * @param {string} id
 * @param {{signal?: AbortSignal, onWaiting?: () => void}} options  `onWaiting`: another tab is at it
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(id, { signal, onWaiting = () => {} }, work) {
  const first = await navigator.locks.request(writing(id), { ifAvailable: true }, async (lock) => {
    return lock ? { result: await work() } : null;
  });
  if (first) return first.result;
  onWaiting();
  return navigator.locks.request(writing(id), { signal }, work);
}

/**
 * Does `work` at once, or not at all.
 *
 * @template T
 * @param {string} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Error} if a tab, this or another, writes the model
 */
export function aloneNow(id, work) {
  return navigator.locks.request(writing(id), { ifAvailable: true }, (lock) => {
    if (!lock) throw new Error('Another tab is downloading it.');
    return work();
  });
}

/** Waits until no tab writes the model. @param {string} id */
export function whenFree(id) {
  return navigator.locks.request(writing(id), { mode: 'shared' }, () => {});
}

/**
 * Says to other tabs that this one reads the model, until the returned function is called.
 *
 * @param {string} id
 * @returns {() => void}
 */
export function markUsed(id) {
  let release = () => {};
  const released = new Promise((resolve) => {
    release = () => resolve(null);
  });
  navigator.locks.request(using(id), { mode: 'shared' }, () => released);
  return release;
}

/**
 * Does `work` if no tab uses the model.
 *
 * @template T
 * @param {string} id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Error} if one does
 */
export function unused(id, work) {
  return navigator.locks.request(using(id), { ifAvailable: true }, (lock) => {
    if (!lock) throw new Error('The model is in use, here or in another tab.');
    return work();
  });
}

/** Ids of the models that a tab, this or another, writes. @returns {Promise<Set<string>>} */
export async function written() {
  const { held = [] } = await navigator.locks.query();
  const prefix = writing('');
  const names = held.flatMap(({ name, mode }) =>
    mode === 'exclusive' && name?.startsWith(prefix) ? [name.slice(prefix.length)] : [],
  );
  return new Set(names);
}
