#!/usr/bin/env node
/**
 * Our encoder against onnxruntime-web and transformers.js: the same browser, weights and images, in turn.
 *
 *     ./build.sh bench [--only PATTERN] [--list] [--quick] [--json FILE] [--turns 2] [--own-adapter]
 *
 * --only         cases whose name matches, e.g. 'vit-b-32/cpu-1'
 * --list         only names the cases
 * --quick        one turn, 8 photos, no ViT-B on WebGPU
 * --own-adapter  the machine's WebGPU adapter instead of SwiftShader
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cases } from './cases.js';
import { inBrowser, MADE, serve } from './host.js';
import { ratios, summary, table } from './report.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    turns: { type: 'string', default: '2' },
    'own-adapter': { type: 'boolean', default: false },
  },
});
/** Where a run takes longer than this, there are fewer of them, or no batch of 8: SwiftShader needs minutes. */
const BUDGET_MS = 30_000;
const FOLDER_BUDGET_MS = 300_000;
const turns = options.quick ? 1 : Number(options.turns);
const ownAdapter = options['own-adapter'];
const chosen = cases({ threads: availableParallelism(), pattern: new RegExp(options.only), quick: options.quick });
if (options.list) {
  console.log(chosen.map(({ key }) => key).join('\n'));
  process.exit();
}
if (!chosen.length) throw new Error(`--only ${options.only} matches none of the cases that --list names`);

const server = await serve();
const { result: around, browser } = await inBrowser(server.address, { name: 'surroundings', ownAdapter });
if (!around.isolated) throw new Error('the page is not cross-origin isolated, so WebAssembly has no threads');
const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), browser, adapter: around.adapter };
console.log(`${machine.cpu}, ${machine.cores} cores; ${browser}; ${machine.adapter}`);

/** @type {Map<string, import('./report.js').Turn[]>} */
const measured = new Map(chosen.map(({ key }) => [key, []]));
for (const group of groups()) {
  // A B A B: a machine that becomes slower meanwhile does so for all.
  for (let turn = 0; turn < turns; turn += 1) for (const one of group) measured.get(one.key)?.push(await measure(one));
}
server.close();
report();

/** The cases that are compared with one another. */
function groups() {
  const names = new Set(chosen.map(({ model, way }) => `${model}/${way}`));
  return [...names].map((name) => chosen.filter(({ key }) => key.startsWith(`${name}/`)));
}

/**
 * One turn of one case, in browsers of its own; what fails is reported and does not end the run.
 *
 * @param {import('./cases.js').Case} one
 * @returns {Promise<import('./report.js').Turn>}
 */
async function measure({ key, entrant, model, setting, hasFolder }) {
  const args = { entrant, model, setting, budgetMs: BUDGET_MS };
  try {
    const { result, peakMB } = await inBrowser(server.address, { name: 'encoder', args, ownAdapter });
    console.error(`${key}: ${result.batch1Ms.toFixed(1)} ms`);
    // Beside each encoder on one thread, because a shared machine's peak changes from minute to minute.
    const peak =
      setting.device === 'cpu' && setting.threads === 1 ? await inBrowser(server.address, { name: 'peak' }) : null;
    return { ...result, peakMB, peakGflops: peak?.result, ...(hasFolder ? await measureFolder(args, result) : {}) };
  } catch (error) {
    console.error(`${key}: ${error}`);
    return { error: String(error) };
  }
}

/**
 * Photos end to end, as many as there is time for.
 *
 * @param {any} args
 * @param {{batch1Ms: number}} encoder
 */
async function measureFolder(args, { batch1Ms }) {
  const photos = Math.min(options.quick ? 8 : 64, Math.floor(FOLDER_BUDGET_MS / batch1Ms));
  // The page checks WebGPU against the CPU first: where that alone takes minutes, nothing is learnt.
  if (photos < 8) return {};
  try {
    const { result } = await inBrowser(server.address, { name: 'folder', args: { ...args, photos }, ownAdapter });
    return { photos, photosPerSecond: result.photosPerSecond, folderLowestCosine: result.lowestCosine };
  } catch (error) {
    return { folderError: String(error) };
  }
}

function report() {
  const results = chosen.map((one) => {
    const config = JSON.parse(readFileSync(`${MADE}/models/${one.model}/config.json`, 'utf8'));
    return summary(one, measured.get(one.key) ?? [], config);
  });
  const compared = groups().flatMap((group) =>
    group
      .filter(({ entrant }) => entrant === 'ours')
      .flatMap((ours) =>
        group
          .filter((peer) => group.indexOf(peer) > group.indexOf(ours))
          .map((peer) => ({
            'how many times': ours.key,
            'as fast as': peer.label,
            ...ratios(measured.get(ours.key) ?? [], measured.get(peer.key) ?? []),
          })),
      ),
  );
  console.log(
    `\n${table(results.map(({ errors, ...numbers }) => ({ ...numbers, failed: errors?.length ?? 0 })))}\n\n${table(compared)}`,
  );
  const failures = results.filter(({ errors }) => errors);
  for (const { key, errors } of failures) console.log(`${key}: ${errors?.[0]}`);
  if (options.json)
    writeFileSync(
      options.json,
      JSON.stringify({ machine, turns, results, compared, measured: Object.fromEntries(measured) }, null, 2),
    );
  process.exitCode = failures.length ? 1 : 0;
}
