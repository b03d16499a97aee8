/** How long the page keeps its own thread. */

/**
 * Milliseconds of the processor that each task of a page's main thread takes: with all cores busy a task may wait for
 * one, which is not the page's work.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {() => Promise<void>} act
 * @returns {Promise<number[]>}
 */
export async function mainThreadTasks(browser, act) {
  const session = await browser.newBrowserCDPSession();
  const events = /** @type {any[]} */ ([]);
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) events.push(event);
  });
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel'] },
    transferMode: 'ReportEvents',
  });
  await act();
  await session.send('Tracing.end');
  await complete;
  const thread = (/** @type {any} */ { pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  );
  const tasks = events.filter((event) => event.ph === 'X' && event.tdur !== undefined && main.has(thread(event)));
  // Chromium keeps other renderers ready; the page's is the one that works.
  const threads = Array.from(main, (one) => tasks.filter((task) => thread(task) === one));
  const [busiest] = threads.sort((one, other) => other.length - one.length);
  return busiest.map(({ tdur }) => tdur / 1000);
}
