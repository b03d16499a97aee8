/**
 * A server that imitates a model hub: it redirects file requests to a host of its own for the bytes, answers simple
 * requests across origins and refuses preflights. It counts the bytes that it sends, and fails on demand.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const EXPOSED = 'X-Repo-Commit, ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag';
const PIECE = 1 << 18;

/**
 * @typedef {object} HubFile
 * @property {number} size
 * @property {string} etag
 * @property {(start: number, end: number) => Buffer} read
 *
 * @typedef {object} Behaviour   what goes wrong
 * @property {boolean} ranges          whether it knows them
 * @property {boolean} tells           whether scripts may read ETag and Content-Range
 * @property {number} cutAfter         bytes of bodies after which every connection is cut, once
 * @property {number} pace             milliseconds to wait after each 256 KiB
 * @property {number[]} refusals       statuses of the next answers
 * @property {string} leadsTo          host that requests for files are redirected to
 */

/** @param {{[path: string]: HubFile}} files  by "/owner/name/resolve/main/file" */
export async function startHub(files) {
  /** @type {Behaviour} */
  const behaviour = { ranges: true, tells: true, cutAfter: Infinity, pace: 0, refusals: [], leadsTo: '127.0.0.1' };
  const counts = { bytes: 0, preflights: 0, /** @type {string[]} */ ranges: [] };
  const cdn = createServer((request, response) =>
    serveFile(files, behaviour, counts, request, response).catch(() => response.destroy()),
  );
  const cdnPort = await listen(cdn);
  const front = createServer((request, response) => {
    if (request.method === 'OPTIONS') return refusePreflight(counts, response);
    response.setHeader('Access-Control-Allow-Origin', '*');
    const path = new URL(request.url ?? '/', 'http://hub').pathname;
    if (!files[path]) return response.writeHead(404).end('Entry not found');
    response.writeHead(302, { Location: `http://${behaviour.leadsTo}:${cdnPort}${path}` }).end();
  });
  const port = await listen(front);
  const close = () => {
    for (const server of [front, cdn]) {
      server.close();
      server.closeAllConnections();
    }
  };
  return { address: `http://127.0.0.1:${port}`, files, behaviour, counts, close };
}

/** @param {import('node:http').Server} server @returns {Promise<number>} its port */
function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port));
  });
}

/** @param {{preflights: number}} counts @param {import('node:http').ServerResponse} response */
function refusePreflight(counts, response) {
  counts.preflights += 1;
  response.writeHead(403).end();
}

/**
 * @param {{[path: string]: HubFile}} files
 * @param {Behaviour} behaviour
 * @param {{bytes: number, preflights: number, ranges: string[]}} counts
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function serveFile(files, behaviour, counts, request, response) {
  if (request.method === 'OPTIONS') return refusePreflight(counts, response);
  const file = files[request.url ?? ''];
  const refusal = behaviour.refusals.shift();
  response.setHeader('Access-Control-Allow-Origin', '*');
  if (refusal) return response.writeHead(refusal).end();
  if (behaviour.tells) response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  response.setHeader('ETag', file.etag);
  const range = behaviour.ranges ? /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') : null;
  const start = range ? Number(range[1]) : 0;
  const end = range ? Math.min(file.size, Number(range[2]) + 1) : file.size;
  counts.ranges.push(range ? range[0] : 'whole');
  response.setHeader('Content-Length', end - start);
  if (range) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${file.size}`);
  response.writeHead(range ? 206 : 200);
  for (let at = start; at < end && !response.destroyed; at += PIECE) {
    const piece = file.read(at, Math.min(end, at + PIECE));
    if (counts.bytes + piece.length > behaviour.cutAfter) {
      behaviour.cutAfter = Infinity;
      return response.destroy();
    }
    await new Promise((resolve) => response.write(piece, resolve));
    counts.bytes += piece.length;
    if (behaviour.pace) await new Promise((resolve) => setTimeout(resolve, behaviour.pace));
  }
  response.end();
}

/** @param {string} path @param {string} [etag] @returns {HubFile} */
export function fileOf(path, etag = '"first"') {
  const bytes = readFileSync(path);
  return { size: bytes.length, etag, read: (start, end) => bytes.subarray(start, end) };
}

/** @param {string} text @returns {HubFile} */
export function textFile(text) {
  const bytes = Buffer.from(text);
  return { size: bytes.length, etag: '"text"', read: (start, end) => bytes.subarray(start, end) };
}

/**
 * A safetensors file whose numbers are made when they are asked for: small ones, the same for the same place.
 *
 * @param {[string, number[]][]} tensors  name and shape, F32, in the order of the file
 * @returns {HubFile}
 */
export function madeUp(tensors) {
  let length = 0;
  const entries = tensors.map(([name, shape]) => {
    const start = length;
    length += 4 * shape.reduce((product, axis) => product * axis, 1);
    return [name, { dtype: 'F32', shape, data_offsets: [start, length] }];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const header = Buffer.concat([Buffer.alloc(8), json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  header.writeBigUInt64LE(BigInt(header.length - 8));
  const pattern = Float32Array.from({ length: 65_537 }, (_, index) => Math.sin(index * index) / 50);
  const period = Buffer.from(pattern.buffer);
  const read = (/** @type {number} */ start, /** @type {number} */ end) => {
    const bytes = Buffer.alloc(end - start);
    if (start < header.length) header.copy(bytes, 0, start, end);
    for (let at = Math.max(start, header.length); at < end; ) {
      const from = (at - header.length) % period.length;
      at += period.copy(bytes, at - start, from, from + end - at);
    }
    return bytes;
  };
  return { size: header.length + length, etag: '"made-up"', read };
}
