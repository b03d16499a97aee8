/**
 * A server that isolates its pages, so that WebAssembly may have threads, and a fresh browser for each measurement.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sirv from 'sirv';
import { FLAGS } from '../browser/helpers/page.js';

export const MADE = `${process.env.REID_WEB_CACHE ?? `${homedir()}/.cache/reid-web`}/bench`;
const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const FOLDERS = { '/www/': path('../../www'), '/bench/': path('.'), '/peers/': path('node_modules'), '/made/': MADE };
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cache-Control': 'no-store',
};
/** Without a window, Chromium takes a GPU through Vulkan only if it is told to. */
const OWN_ADAPTER = ['--use-angle=vulkan', '--disable-vulkan-surface', '--ignore-gpu-blocklist'];

/** Serves the page, the peers and the models. */
export async function serve() {
  const hosts = Object.entries(FOLDERS).map(([prefix, folder]) => ({ prefix, files: sirv(folder, { dev: true }) }));
  const server = createServer((request, response) => {
    const host = hosts.find(({ prefix }) => request.url?.startsWith(prefix));
    if (!host) return response.writeHead(404).end();
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    request.url = request.url?.slice(host.prefix.length - 1);
    host.files(request, response, () => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    address: `http://127.0.0.1:${port}/bench/page.html`,
    close: () => (server.close(), server.closeAllConnections()),
  };
}

/**
 * Calls a function of page.js in a new browser.
 *
 * @param {string} address
 * @param {{name: string, args?: any, ownAdapter?: boolean}} job  `ownAdapter`: the machine's, not SwiftShader
 * @returns {Promise<{result: any, peakMB: number, browser: string}>}
 */
export async function inBrowser(address, { name, args, ownAdapter = false }) {
  const flags = ownAdapter
    ? [...FLAGS.filter((flag) => !flag.startsWith('--use-webgpu-adapter')), ...OWN_ADAPTER]
    : FLAGS;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    const crashed = new Promise((_, reject) => page.on('crash', () => reject(new Error('the tab crashed'))));
    await page.goto(address);
    const work = page.evaluate(
      async ([name, args]) => {
        const jobs = /** @type {any} */ (await import(`${location.origin}/bench/page.js`));
        return jobs[name](args);
      },
      /** @type {const} */ ([name, args]),
    );
    const result = await Promise.race([work, crashed]);
    return { result, peakMB: await peak(browser), browser: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
  }
}

/**
 * Peak resident set of the largest renderer in MB, as Linux accounts it: the tab with its workers.
 *
 * @param {import('playwright-core').Browser} browser
 */
async function peak(browser) {
  const devTools = await browser.newBrowserCDPSession();
  const { processInfo } = await devTools.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return Math.max(
    ...renderers.map((pid) => {
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Math.round(Number(kilobytes) / 1024);
    }),
  );
}
