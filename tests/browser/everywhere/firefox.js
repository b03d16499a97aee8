/** Firefox without a window, driven by WebDriver BiDi over its own socket: https://w3c.github.io/webdriver-bidi/ */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { WebSocket } from 'ws';
import { begin, end, written } from './processes.js';
import { Tab } from './tab.js';

const BINARY = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const VIEWPORT = { width: 1440, height: 900 };
/** Nothing of Firefox's own is fetched or asked; saved files land without a question. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.download.always_ask_before_handling_new_types': false,
  'browser.download.folderList': 2,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': '',
  'toolkit.telemetry.server': '',
};

/**
 * @param {object} [options]
 * @param {Record<string, string | number | boolean>} [options.preferences]
 * @param {boolean} [options.isPrivate]  whether all its windows are
 */
export async function startFirefox({ preferences = {}, isPrivate = false } = {}) {
  const profile = mkdtempSync(`${tmpdir()}/firefox-`);
  const downloads = `${profile}/downloads`;
  const all = {
    ...PREFERENCES,
    'browser.download.dir': downloads,
    'browser.privatebrowsing.autostart': isPrivate,
    ...preferences,
  };
  writeFileSync(
    `${profile}/user.js`,
    Object.entries(all)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'];
  const process_ = begin(BINARY, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const close = () => {
    end(process_);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const [, address] = await written(
      process_,
      /** @type {import('node:stream').Readable} */ (process_.stderr),
      /BiDi listening on (ws:\S+)/,
    );
    const connection = await Connection.open(`${address}/session`);
    await connection.call('session.new', { capabilities: {} });
    return {
      name: 'firefox',
      open: (/** @type {string} */ page) => openTab(connection, downloads, page),
      close: async () => close(),
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Commands with an id, answers with the same one. */
class Connection {
  #socket;
  #last = 0;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  #pending = new Map();

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#take(JSON.parse(String(text))));
    socket.on('close', () => this.#pending.forEach(({ reject }) => reject(new Error('Firefox has ended'))));
  }

  /** @param {string} address */
  static async open(address) {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new Connection(socket);
  }

  /**
   * @param {string} method
   * @param {object} params
   * @returns {Promise<any>}
   */
  call(method, params) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /**
   * @param {{id?: number, result?: any, error?: string, message?: string}} answer  or an event,
   *   which none is waiting for
   */
  #take({ id = 0, result, error, message }) {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) waiting?.reject(new Error(`${error}: ${message}`));
    else waiting?.resolve(result);
  }
}

/**
 * A tab that shares no cookie, cache or storage with the others.
 *
 * @param {Connection} connection
 * @param {string} downloads
 * @param {string} page
 */
async function openTab(connection, downloads, page) {
  const { userContext } = await connection.call('browser.createUserContext', {});
  const { context } = await connection.call('browsingContext.create', { type: 'tab', userContext });
  const call = (/** @type {string} */ method, /** @type {object} */ params) =>
    connection.call(method, { context, ...params });
  const evaluate = (/** @type {string} */ functionDeclaration, /** @type {string} */ argument) =>
    connection.call('script.callFunction', {
      functionDeclaration,
      awaitPromise: true,
      target: { context },
      arguments: [{ type: 'string', value: argument }],
    });
  const tab = new Tab(
    {
      name: 'firefox',
      visit: (url) => call('browsingContext.navigate', { url, wait: 'complete' }),
      reload: () => call('browsingContext.reload', { wait: 'complete' }),
      async run(source, json) {
        const { result, exceptionDetails } = await evaluate(
          `async (json) => JSON.stringify(await (${source})(...JSON.parse(json))) ?? null`,
          json,
        );
        if (exceptionDetails) throw new Error(exceptionDetails.text);
        return result.value ?? null;
      },
      perform: (actions) => call('input.performActions', { actions }),
      async setFiles(selector, files) {
        const { result } = await evaluate('(selector) => document.querySelector(selector)', selector);
        await call('input.setFiles', { element: { sharedId: result.sharedId }, files });
      },
      resize: (width, height) => call('browsingContext.setViewport', { viewport: { width, height } }),
      screenshot: async () => Buffer.from((await call('browsingContext.captureScreenshot', {})).data, 'base64'),
      close: () => connection.call('browser.removeUserContext', { userContext }),
    },
    downloads,
  );
  await tab.resize(VIEWPORT.width, VIEWPORT.height);
  await tab.visit(page);
  return tab;
}
