// @ts-check
import { WorkerClient } from '../messages.js';

/**
 * A worker with one of the two packages.
 *
 * @param {'cpu' | 'gpu'} name
 */
export async function startWorker(name) {
  const client = new WorkerClient(new URL('./worker.js', import.meta.url));
  try {
    await client.call('start', { name });
  } catch (error) {
    client.terminate();
    throw error;
  }
  return client;
}
