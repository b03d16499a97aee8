// @ts-check
/**
 * A file on a server, read by ranges: one simple range per request, which needs no CORS preflight. A server that
 * ignores ranges sends the whole file; then what is not needed is dropped, and the one answer serves the reads that
 * follow.
 */
import { messageOf } from '../../events.js';
import { checkAddress } from '../source.js';
import { Changed, Interrupted, Refused } from './retry.js';

/** A connection that sends nothing for this long is given up. */
const STALL_MS = 30_000;

export class RemoteFile {
  /** Length in bytes, known after `open`. */
  size = 0;
  /** What distinguishes this version of the file, known after `open`. */
  version = '';
  #retry;
  #onHost;
  /** @type {Answer | null} an answer under way */
  #answer = null;

  /**
   * @param {string} address
   * @param {import('./retry.js').Retry} retry
   * @param {(host: string) => void} onHost  an origin that was asked
   * @param {string} [version]  that it must have
   */
  constructor(address, retry, onHost, version = '') {
    this.address = address;
    this.#retry = retry;
    this.#onHost = onHost;
    this.version = version;
  }

  /** Finds out length and version. @throws {Refused} if there is no such file */
  open() {
    return this.#retry.run(async () => {
      const answer = await this.#request(0, 1);
      if (answer.start === 0 && answer.isWhole) this.#answer = answer;
      else await answer.cancel();
      // A server may hide the header with the length of a part; the length of the whole file is never hidden.
      if (this.size === 0) await (await this.#request(0, null)).cancel();
      if (this.size === 0) throw new Refused(`${this.address}: the server does not say how long the file is.`);
    });
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {Promise<Uint8Array>}
   */
  async read(start, end) {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    await this.stream(
      () => (filled < bytes.length ? { start: start + filled, end } : null),
      (piece) => {
        bytes.set(piece, filled);
        filled += piece.length;
      },
    );
    return bytes;
  }

  /**
   * Reads until nothing more is wanted, through interruptions.
   *
   * @param {() => {start: number, end: number} | null} wanted  next
   * @param {(piece: Uint8Array) => void} take  some of the bytes that were wanted, from the first on
   */
  async stream(wanted, take) {
    while (wanted()) {
      await this.#retry.run(async () => {
        try {
          await this.#follow(wanted, take);
        } catch (error) {
          await this.close();
          throw error;
        }
      });
    }
  }

  /** Ends an answer under way. */
  async close() {
    const answer = this.#answer;
    this.#answer = null;
    await answer?.cancel();
  }

  /**
   * Takes from one answer what it has of what is wanted.
   *
   * @param {() => {start: number, end: number} | null} wanted
   * @param {(piece: Uint8Array) => void} take
   */
  async #follow(wanted, take) {
    const first = wanted();
    if (!first) return;
    if (!this.#answer?.reaches(first.start)) {
      await this.close();
      this.#answer = await this.#request(first.start, first.end);
    }
    const answer = /** @type {Answer} */ (this.#answer);
    for (let span = wanted(); span && answer.reaches(span.start); span = wanted()) {
      const piece = await answer.next(span.start, span.end);
      if (!piece) {
        await this.close();
        throw new Interrupted('The connection was cut');
      }
      if (piece.length === 0) continue;
      this.#retry.progress();
      take(piece);
    }
    if (!answer.isWhole) await this.close();
  }

  /**
   * @param {number} start
   * @param {number | null} end  null: the whole file, as a request without a range
   * @returns {Promise<Answer>}
   */
  async #request(start, end) {
    const abort = new AbortController();
    const stop = () => abort.abort(this.#retry.signal.reason);
    this.#retry.signal.addEventListener('abort', stop, { once: true });
    this.#retry.signal.throwIfAborted();
    const timer = setTimeout(() => abort.abort(new Interrupted('The server does not answer')), STALL_MS);
    try {
      const response = await fetch(this.address, {
        headers: end === null ? {} : { Range: `bytes=${start}-${end - 1}` },
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: abort.signal,
      }).catch((error) => {
        throw abort.signal.aborted ? error : new Interrupted(`Cannot reach ${new URL(this.address).host}`);
      });
      this.#onHost(new URL(this.address).origin);
      this.#onHost(new URL(response.url).origin);
      await this.#checkWhereItCameFrom(response);
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        throw refusal(response.status, this.address);
      }
      this.#check(response);
      return new Answer(response, response.status === 206 ? start : 0, abort);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A browser says where a redirect leads only after following it: nothing of such an answer is read.
   * @param {Response} response
   */
  async #checkWhereItCameFrom({ url, body }) {
    try {
      checkAddress(url);
    } catch (error) {
      await body?.cancel();
      throw new Refused(`${this.address} redirects to another address: ${messageOf(error)}`);
    }
  }

  /** @param {Response} response */
  #check({ status, headers }) {
    const length = Number(headers.get('Content-Length') ?? 0);
    const whole = Number(headers.get('Content-Range')?.split('/')[1] ?? 0) || (status === 200 ? length : 0);
    // The length of a packed transfer is not the file's.
    const isPacked = headers.has('Content-Encoding');
    if (whole > 0 && !isPacked) {
      if (this.size > 0 && this.size !== whole) throw new Changed(`${this.address} was changed`);
      this.size = whole;
    }
    const version = headers.get('ETag') ?? headers.get('Last-Modified') ?? '';
    if (!version) return;
    if (this.version && this.version !== version) throw new Changed(`${this.address} was changed`);
    this.version = version;
  }
}

/** The body of one response, read from its beginning on. */
class Answer {
  #reader;
  #abort;
  #at;
  /** @type {Uint8Array} what has arrived and was not taken */
  #rest = new Uint8Array(0);

  /**
   * @param {Response} response
   * @param {number} start  where in the file it begins
   * @param {AbortController} abort  ends it
   */
  constructor(response, start, abort) {
    this.start = start;
    this.isWhole = response.status === 200;
    this.#reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    this.#abort = abort;
    this.#at = start;
  }

  /** Whether this place is still to come. @param {number} place */
  reaches(place) {
    return place === this.#at || (this.isWhole && place > this.#at);
  }

  /**
   * @param {number} start  what is before is dropped
   * @param {number} end
   * @returns {Promise<Uint8Array | null>}  some bytes from `start` on, none yet, or null at the end
   */
  async next(start, end) {
    if (this.#rest.length === 0) {
      const value = await this.#receive();
      if (!value) return null;
      this.#rest = value;
    }
    const skipped = Math.min(this.#rest.length, start - this.#at);
    const piece = this.#rest.subarray(skipped, skipped + end - start);
    this.#rest = this.#rest.subarray(skipped + piece.length);
    this.#at += skipped + piece.length;
    return piece;
  }

  async #receive() {
    const timer = setTimeout(() => this.#abort.abort(new Interrupted('The connection stalled')), STALL_MS);
    try {
      const { value } = await this.#reader.read();
      return value ?? null;
    } catch (_error) {
      throw this.#abort.signal.aborted ? this.#abort.signal.reason : new Interrupted('The connection was cut');
    } finally {
      clearTimeout(timer);
    }
  }

  async cancel() {
    await this.#reader.cancel().catch(() => {});
    this.#abort.abort();
  }
}

/**
 * @param {number} status
 * @param {string} address
 */
function refusal(status, address) {
  if (status === 429 || status >= 500) return new Interrupted(`The server is busy (${status})`);
  const why = status === 404 ? 'there is no such file' : 'it cannot be downloaded without signing in';
  const reason = [401, 403, 404].includes(status) ? why : 'the server refuses the request';
  return new Refused(`${address}: ${reason} (${status}).`);
}
