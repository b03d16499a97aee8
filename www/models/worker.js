// @ts-check
/** Fetches models and keeps them: everything that writes to the storage is done here. */
import { serve } from '../messages.js';
import { download } from './download.js';
import { alone, unused } from './locks.js';
import { deleteFolder } from './storage.js';

/** @type {Promise<typeof import('../pkg/cpu/reid_web.js')> | null} */
let loading = null;
/** @type {Map<string, AbortController>} downloads under way, by id */
const running = new Map();

/** The WebAssembly package, when it is first needed. */
function reid() {
  loading ??= import('../pkg/cpu/reid_web.js').then(async (module) => {
    await module.default();
    return module;
  });
  return loading;
}

serve({
  /** Fetches a model, or goes on with one. Answers when it is complete, with false if it was paused. */
  async download({ source }, onProgress) {
    const abort = new AbortController();
    running.set(source.id, abort);
    try {
      await download(await reid(), source, { signal: abort.signal, onProgress });
      return true;
    } catch (error) {
      if (abort.signal.aborted) return false;
      throw error;
    } finally {
      running.delete(source.id);
    }
  },

  pause({ id }) {
    running.get(id)?.abort();
  },

  /** @throws {Error} if a tab uses the model */
  remove({ id }) {
    running.get(id)?.abort();
    return unused(id, () => alone(id, {}, () => deleteFolder(id)));
  },
});
