// @ts-check
/**
 * The tables of a report.
 *
 * @typedef {import('./report-facts.js').ReportFacts} ReportFacts
 */
import { NOTHING, fraction, isolated, whole } from '../../words/format.js';
import { cellsOf } from '../../words/protocol-rows.js';
import { UNMATCHED_WORDS } from '../../words/reasons.js';
import { changeOf, rangeOf, rowsOf } from '../../words/study-rows.js';
import { table } from './parts.js';

/** Ranks that are listed. */
const MOST_RANKS = 20;

/** @param {import('../../types.js').Studied} studied */
export function metricsTable(studied) {
  const hasChanges = studied.comparison !== null;
  const rows = rowsOf(studied).map((row) => [
    row.name,
    fraction(row.value),
    rangeOf(row),
    ...(hasChanges ? [fraction(row.plain), changeOf(row)] : []),
  ]);
  const columns = hasChanges ? ['With refinements', '95 % interval', 'Without', 'Change'] : ['Value', '95 % interval'];
  return table('Metrics', ['Metric', ...columns], rows, 'numbers');
}

/** @param {import('../../types.js').Evaluation} evaluation */
export function cmcTable({ cmc, hits, evaluated }) {
  const rows = cmc
    .slice(0, MOST_RANKS)
    .map((share, at) => [String(at + 1), fraction(share), `${whole(hits[at])}/${whole(evaluated)}`]);
  return table('CMC curve', ['k', 'Rank-k', 'Queries'], rows, 'numbers');
}

/** @param {ReportFacts['worst']} worst */
export function worstTable(worst) {
  const rows = worst.map(
    ({ query, best, averagePrecision, firstMatchRank, bestSimilarity, bestIsMatch, unmatched }) => [
      query ? isolated(query.path) : NOTHING,
      fraction(averagePrecision),
      unmatched ? `none: ${UNMATCHED_WORDS[unmatched]}` : firstMatchRank === null ? 'none' : whole(firstMatchRank),
      best ? isolated(best.path) + (unmatched ? '' : verdict(bestIsMatch)) : NOTHING,
      fraction(bestSimilarity),
    ],
  );
  return table('Queries with the lowest AP', ['Query', 'AP', 'First match', 'Top match', 'Similarity'], rows, 'worst');
}

/** @param {boolean | null} isMatch */
function verdict(isMatch) {
  if (isMatch === null) return '';
  return isMatch ? ' (correct)' : ' (incorrect)';
}

/**
 * @param {import('../../types.js').Change[]} changes
 * @param {(id: number) => string} pathOf
 */
export function changesTable(changes, pathOf) {
  const rows = changes.map(({ id, before, after }) => [isolated(pathOf(id)), fraction(before), fraction(after)]);
  return table('Queries whose AP changed', ['Query', 'AP before', 'AP after'], rows, 'worst');
}

/** @param {import('../../types.js').FoundProtocols} found */
export function protocolsTable({ leaveOneOut, splits, singleGalleryShot }) {
  const named = /** @type {const} */ ([
    ['Leave-one-out', leaveOneOut],
    ['Splits', splits],
    ['CUHK03, single gallery shot', singleGalleryShot],
  ]);
  const rows = named.flatMap(([name, found]) => (found ? [[name, ...cellsOf(found).map(({ text }) => text)]] : []));
  return table(
    'Other protocols',
    ['Protocol', 'Rank-1', 'Rank-5', 'Rank-10', 'mAP', 'mAP, trapezoidal'],
    rows,
    'numbers',
  );
}
