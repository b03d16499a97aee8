/**
 * WebKitGTK's MiniBrowser on a screen of its own, driven by WebDriver: https://www.w3.org/TR/webdriver2/
 *
 * Its driver has one session at a time, which is a private one: a tab takes the place of the last one, and nothing is
 * left of it when it is closed.
 */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { eventually } from '../helpers/site.js';
import { begin, end, written } from './processes.js';
import { Tab } from './tab.js';

const DRIVER = process.env.WEBKITDRIVER ?? '/usr/bin/WebKitWebDriver';
const VIEWPORT = { width: 1440, height: 900 };
/** The window has a frame around the page. */
const SCREEN = '1600x1100x24';
const TIMEOUTS = { script: 180_000, pageLoad: 60_000, implicit: 0 };
/** What stands for an element in WebDriver's JSON. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env]  more variables for the browser
 * @param {string[]} [options.features]      switched on in it
 */
export async function startWebKit({ env = {}, features = [] } = {}) {
  const home = mkdtempSync(`${tmpdir()}/webkit-`);
  writeFileSync(`${home}/user-dirs.dirs`, 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
  const screen = begin('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  /** @type {import('node:child_process').ChildProcess[]} */
  const processes = [screen];
  const close = () => {
    processes.reverse().forEach(end);
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const [, display] = await written(
      screen,
      /** @type {import('node:stream').Readable} */ (screen.stdio[3]),
      /(\d+)\n/,
    );
    const port = await freePort();
    processes.push(
      begin(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], {
        env: { ...process.env, ...surroundings(home, display), ...env },
      }),
    );
    const call = caller(`http://127.0.0.1:${port}`);
    await eventually(() => call('GET', '/status'));
    const args = ['--automation', ...features.map((feature) => `--features=${feature}`)];
    /** @type {Tab | null} */
    let latest = null;
    const open = async (/** @type {string} */ page) => {
      await latest?.close();
      latest = await openTab(call, args, `${home}/Downloads`, page);
      return latest;
    };
    return { name: 'webkit', open, close: async () => close() };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * A home without settings; no graphics card, and no sandbox within the one that tests may run in already.
 *
 * @param {string} home
 * @param {string} display
 */
function surroundings(home, display) {
  return {
    DISPLAY: `:${display}`,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_CONFIG_HOME: home,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    GDK_BACKEND: 'x11',
    LANG: 'C.UTF-8',
  };
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** @param {string} address  of the driver */
function caller(address) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  return async (method, path, body) => {
    const response = await fetch(address + path, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok)
      throw new Error(`${method} ${path.replace(/[0-9a-f-]{30,}/g, '…')}: ${value.error}: ${value.message}`);
    return value;
  };
}

/** Debian and Ubuntu keep it where the library is. */
function miniBrowser() {
  const paths = readdirSync('/usr/lib').map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`);
  const found = process.env.MINIBROWSER ?? paths.find((path) => existsSync(path));
  if (!found) throw new Error('WebKitGTK’s MiniBrowser is not there; it comes with libwebkit2gtk-4.1-0');
  return found;
}

/**
 * @param {ReturnType<typeof caller>} call
 * @param {string[]} args  of the browser
 * @param {string} downloads
 * @param {string} page
 */
async function openTab(call, args, downloads, page) {
  const options = { 'webkitgtk:browserOptions': { binary: miniBrowser(), args } };
  const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: options } });
  const post = (/** @type {string} */ path, /** @type {object} */ body) =>
    call('POST', `/session/${sessionId}${path}`, body);
  const resize = (/** @type {number} */ width, /** @type {number} */ height) =>
    post('/window/rect', { x: 0, y: 0, width, height });
  const tab = new Tab(
    {
      name: 'webkit',
      visit: (url) => post('/url', { url }),
      reload: () => post('/refresh', {}),
      async run(source, json) {
        const script = `const [json, done] = arguments; (async () => (${source})(...JSON.parse(json)))()
        .then((value) => done({ json: JSON.stringify(value) ?? null }), (error) => done({ error: String(error) }));`;
        const { json: result, error } = await post('/execute/async', { script, args: [json] });
        if (error) throw new Error(error);
        return result;
      },
      perform: (actions) => post('/actions', { actions }),
      async setFiles(selector, files) {
        const found = await post('/element', { using: 'css selector', value: selector });
        await post(`/element/${found[ELEMENT]}/value`, { text: files.join('\n') });
      },
      async resize(width, height) {
        await resize(width, height);
        const inner = await tab.evaluate(() => ({ width: innerWidth, height: innerHeight }));
        await resize(2 * width - inner.width, 2 * height - inner.height);
      },
      screenshot: async () => Buffer.from(await call('GET', `/session/${sessionId}/screenshot`), 'base64'),
      close: () => call('DELETE', `/session/${sessionId}`).catch(() => {}),
    },
    downloads,
  );
  try {
    await post('/timeouts', TIMEOUTS);
    await tab.resize(VIEWPORT.width, VIEWPORT.height);
    await tab.visit(page);
  } catch (error) {
    await tab.close();
    throw error;
  }
  return tab;
}
