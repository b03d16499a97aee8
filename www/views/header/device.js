// @ts-check
/** The device in the header, and why it was chosen. */
import { speed, whole } from '../../words/format.js';
import { find, setFacts, setText } from '../dom.js';
import { View } from '../view.js';

export class DeviceView extends View {
  #popover;

  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} popover
   */
  constructor(button, popover) {
    super(button);
    this.#popover = popover;
  }

  /** @param {import('../../model-types.js').DeviceInfo | null} device */
  update(device) {
    if (!device) return;
    const { kind, name, workers, imagesPerSecond, milliseconds, reason } = device;
    this.element.dataset.status = 'ready';
    const times = workers > 1 ? ` ×${workers}` : '';
    const rate = speed(imagesPerSecond ?? 0);
    const alone = milliseconds !== null ? `${milliseconds.toFixed(1)} ms per image on one worker` : '';
    setText(this.element, '.fact-value', [name + times, rate].filter(Boolean).join(', '));
    setText(this.#popover, '.device-reason', reason);
    setFacts(find(this.#popover, '.facts', HTMLElement), [
      ['Runs on', kind === 'cpu' ? 'CPU, WebAssembly' : 'GPU, WebGPU'],
      ['Name', name],
      ['Workers', whole(workers)],
      ['Measured', rate || alone || 'not yet'],
    ]);
  }
}
