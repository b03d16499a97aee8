// @ts-check
import { WorkerClient } from '../messages.js';

/**
 * Milliseconds until the package for the CPU is asked for again: a server that is being updated has it in a minute. The one
 * for the GPU is not waited for, because there is one for the CPU.
 */
const PAUSES = [500, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000];

/**
 * A worker with one of the two packages.
 *
 * @param {'cpu' | 'gpu'} name
 * @returns {Promise<WorkerClient>}
 */
export async function startWorker(name) {
  const pauses = name === 'cpu' ? PAUSES : [];
  for (const pause of pauses) {
    try {
      return await start(name);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return start(name);
}

/** @param {'cpu' | 'gpu'} name */
async function start(name) {
  const client = new WorkerClient(new URL('./worker.js', import.meta.url));
  try {
    await client.call('start', { name });
  } catch (error) {
    client.terminate();
    throw error;
  }
  return client;
}
