/**
 * A tab of any browser: what a driver has to know, and what a person does with it on the page.
 *
 * firefox.js and webkit.js make the tabs. A function that is evaluated is sent as text: it sees its arguments and the
 * page, nothing else, and what goes in and comes out is JSON.
 *
 * @typedef {object} Driver
 * @property {string} name
 * @property {(address: string) => Promise<void>} visit
 * @property {() => Promise<void>} reload
 * @property {(source: string, json: string) => Promise<string | null>} run   JSON of arguments → JSON of the result
 * @property {(sources: object[]) => Promise<void>} perform                  WebDriver's actions
 * @property {(selector: string, files: string[]) => Promise<void>} setFiles
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {() => Promise<Buffer>} screenshot                              a PNG of what is in view
 * @property {() => Promise<void>} close
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually, MODEL } from '../helpers/site.js';

const FAILURES = fileURLToPath(new URL('../failures/', import.meta.url));
/** Keys without a character, as WebDriver writes them. */
const KEYS = {
  Escape: '\uE00C',
  Enter: '\uE007',
  Tab: '\uE004',
  Left: '\uE012',
  Up: '\uE013',
  Right: '\uE014',
  Down: '\uE015',
};

export class Tab {
  #driver;
  #downloads;

  /**
   * @param {Driver} driver
   * @param {string} downloads  the folder where files land that the page saves
   */
  constructor(driver, downloads) {
    this.#driver = driver;
    this.#downloads = downloads;
  }

  /** Opens the page and waits until its scripts have run. @param {string} address */
  async visit(address) {
    await this.#driver.visit(address);
    await this.#isThere();
  }

  async reload() {
    await this.#driver.reload();
    await this.#isThere();
  }

  #isThere() {
    return this.evaluate(async () => void (await import(new URL('main.js', document.baseURI).href)));
  }

  /**
   * @template T
   * @param {(...args: any[]) => T | Promise<T>} fn  runs in the page
   * @param {...any} args
   * @returns {Promise<T>}
   */
  async evaluate(fn, ...args) {
    const json = await this.#driver.run(String(fn), JSON.stringify(args));
    return json ? JSON.parse(json) : /** @type {any} */ (undefined);
  }

  /**
   * Waits until something is so in the page.
   *
   * @param {(...args: any[]) => any} fn  runs in the page
   * @param {any[]} [args]
   * @param {number} [timeout]  in milliseconds
   */
  async until(fn, args = [], timeout = 60_000) {
    const end = Date.now() + timeout;
    while (!(await this.evaluate(fn, ...args))) {
      if (Date.now() > end) throw new Error(`after ${timeout} ms it still is not so: ${fn} ${args}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** @param {string} selector @returns {Promise<string>} what a person reads there, '' if it is hidden */
  text(selector) {
    return this.evaluate((wanted) => {
      const element = document.querySelector(wanted);
      return element?.checkVisibility() ? element.innerText.trim() : '';
    }, selector);
  }

  /** Presses the mouse on something, as soon as it can be pressed. @param {string} selector */
  async click(selector) {
    /** @type {{x: number, y: number} | null} */
    let place = /** @type {{x: number, y: number} | null} */ (null);
    await eventually(async () => {
      place = await this.#placeOf(selector);
      assert.ok(place, `${selector} is not there to be clicked`);
    });
    await this.#driver.perform([
      {
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [
          { type: 'pointerMove', .../** @type {object} */ (/** @type {unknown} */ (place)) },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      },
    ]);
  }

  /** Scrolls to something, and says where it is if nothing covers it and it is enabled. @param {string} selector */
  #placeOf(selector) {
    return this.evaluate((wanted) => {
      const element = document.querySelector(wanted);
      element?.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
      const place = { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
      const hit = document.elementFromPoint(place.x, place.y);
      const isFree = hit && (element?.contains(hit) || hit.contains(element));
      return isFree && width > 0 && !element?.matches(':disabled') ? place : null;
    }, selector);
  }

  /** @param {...(keyof typeof KEYS | string)} keys  one after the other */
  async press(...keys) {
    const actions = keys.flatMap((key) => {
      const value = KEYS[/** @type {keyof typeof KEYS} */ (key)] ?? key;
      return [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ];
    });
    await this.#driver.perform([{ type: 'key', id: 'keyboard', actions }]);
  }

  /** @param {string} selector  of a file input @param {string[]} files */
  setFiles(selector, files) {
    return this.#driver.setFiles(selector, files);
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    return this.#driver.resize(width, height);
  }

  screenshot() {
    return this.#driver.screenshot();
  }

  close() {
    return this.#driver.close();
  }

  /** What went wrong in the page until now: errors, refusals of its policy. @returns {Promise<string[]>} */
  faults() {
    return this.evaluate(() => /** @type {any} */ (window).faults);
  }

  /** Loads a model and waits until it is in use. @param {string[]} [files] */
  async loadModel(files = MODEL) {
    await this.evaluate(() => document.querySelector('#model-button')?.setAttribute('data-status', 'asked'));
    await this.setFiles('[data-testid=input-model]', files);
    await this.modelIsReady();
  }

  async modelIsReady() {
    await this.until(
      () => ['ready', 'failed'].includes(document.querySelector('#model-button')?.getAttribute('data-status') ?? ''),
      [],
      120_000,
    );
    const failure = await this.evaluate(
      () =>
        document.querySelector('#model-button[data-status=failed]') &&
        document.querySelector('.model-failed')?.textContent,
    );
    assert.equal(failure, null, `the model could not be loaded: ${failure}`);
  }

  /** Waits until everything is embedded and evaluated. @param {number} images  in both sets */
  embedded(images) {
    return this.until(
      (count) => {
        const shown = [...document.querySelectorAll('.zone-set .zone-count')].map((one) => Number(one.textContent));
        const isLoaded = document.querySelector('#model-button[data-status=ready], [data-imported]');
        const areTiles = document.querySelector('.tile') && !document.querySelector('.tile[data-status=waiting]');
        const isIdle = document.querySelector('#progress')?.getAttribute('data-phase') === 'idle';
        const isEvaluated = !document.querySelector('#metrics[aria-busy=true]');
        return shown.reduce((sum, one) => sum + one, 0) === count && isLoaded && areTiles && isIdle && isEvaluated;
      },
      [images],
      120_000,
    );
  }

  /** What the page says of all queries. @returns {Promise<Record<string, number | null>>} */
  metrics() {
    return this.evaluate(() =>
      Object.fromEntries(
        ['rank-1', 'rank-5', 'rank-10', 'map', 'map-trapezoidal'].map((name) => {
          const value = document.querySelector(`[data-testid=metric-${name}]`)?.getAttribute('data-value');
          return [name, value ? Number(value) : null];
        }),
      ),
    );
  }

  /**
   * The files that a button saves, once all have landed.
   *
   * @param {string} selector
   * @param {string[]} names
   * @returns {Promise<Buffer[]>}
   */
  async saved(selector, names) {
    rmSync(this.#downloads, { recursive: true, force: true });
    mkdirSync(this.#downloads, { recursive: true });
    await this.click(selector);
    const paths = names.map((name) => `${this.#downloads}/${name}`);
    const sizes = () => paths.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    await eventually(async () => {
      assert.deepEqual(readdirSync(this.#downloads).sort(), [...names].sort());
      const before = sizes();
      assert.ok(
        before.every((size) => size > 0),
        `${names} hold ${before} bytes`,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(sizes(), before);
    });
    return paths.map((path) => readFileSync(path));
  }

  /**
   * Runs a check; if it fails, the message names a picture of what was in view.
   *
   * @param {string} name
   * @param {(tab: Tab) => Promise<void>} check
   */
  async check(name, check) {
    try {
      await check(this);
    } catch (error) {
      const path = `${FAILURES}${this.#driver.name}-${name.replace(/[^\w]+/g, '-')}.png`;
      mkdirSync(FAILURES, { recursive: true });
      const kept = await this.screenshot().then(
        (png) => (writeFileSync(path, png), `\nPicture: ${path}`),
        (why) => `\nNo picture: ${why.message}`,
      );
      const faults = await this.faults().then(
        (all) => (all?.length ? `\nFaults in the page: ${all.join('; ')}` : ''),
        () => '',
      );
      if (error instanceof Error) error.message += kept + faults;
      throw error;
    }
  }
}
