// @ts-check
/**
 * What the tabs of this page tell one another of the models that they keep together.
 *
 * @typedef {import('../source.js').Source} Source
 * @typedef {import('../download/download.js').Step} Step
 */
export class Tabs {
  #channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('reid-web models') : null;

  /**
   * @param {(source: Source, step: Step) => void} onStep  of a download in another tab
   * @param {() => void} onChange                          another tab has changed what is kept
   */
  constructor(onStep, onChange) {
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data: { source, step } }) => (source ? onStep(source, step) : onChange());
  }

  /**
   * @param {Source} [source]  of a download here; none if what is kept has changed
   * @param {Step} [step]
   */
  tell(source, step) {
    this.#channel?.postMessage({ source, step });
  }
}
