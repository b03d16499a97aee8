// @ts-check
/** @typedef {WorkerClient<import('./worker.js').EncoderActions>} Client   a worker of the encoder */
import { Pauses } from '../scheduling/pauses.js';
import { WorkerClient } from '../workers/messages.js';

/** A server that is being updated has the package again within a minute. */
const MOST_STARTS = 9;

/**
 * A worker with one of the two packages.
 *
 * @param {'cpu' | 'gpu'} name
 * @returns {Promise<Client>}
 */
export async function startWorker(name) {
  /** @type {Client} */
  const client = new WorkerClient(new URL('./worker.js', import.meta.url));
  try {
    await client.call('start', { name });
  } catch (error) {
    client.terminate();
    throw error;
  }
  return client;
}

/**
 * A worker for the CPU, which has no substitute: it is tried again for about a minute.
 *
 * @param {AbortSignal} [signal]
 */
export async function startWorkerPatiently(signal) {
  const pauses = new Pauses();
  for (let failures = 1; failures < MOST_STARTS; failures += 1) {
    try {
      return await startWorker('cpu');
    } catch {
      await pauses.after(failures);
      signal?.throwIfAborted();
    }
  }
  return startWorker('cpu');
}
