// @ts-check
/**
 * What the metrics and protocols mean: the words and formulas that the page and the report show.
 *
 * @typedef {import('./plots/formula.js').Formula} Formula
 *
 * @typedef {object} Definition
 * @property {string} key          what rows of values refer to
 * @property {string} name
 * @property {string} text         `r_i` is r with the index i
 * @property {Formula[]} [formulas]
 * @property {string} [note]       where it comes from
 */
import { as, brackets, equation, of, over, sub, sum, under } from './plots/formula.js';

/** @type {Definition[]} those that the page shows with its first values */
export const METRICS = [
  {
    key: 'rank-1',
    name: 'Rank-1',
    text: 'The share of queries whose most similar gallery image is a match, that is, an image of the same identity.',
    formulas: [equation('Rank-1', over('queries with a match at rank 1', 'n'))],
  },
  {
    key: 'rank-5',
    name: 'Rank-5',
    text: 'The share of queries with at least one match among the first 5 gallery images.',
    formulas: [equation('Rank-5', over('queries with a match at rank ≤ 5', 'n'))],
  },
  {
    key: 'rank-10',
    name: 'Rank-10',
    text: 'The share of queries with at least one match among the first 10 gallery images.',
    formulas: [equation('Rank-10', over('queries with a match at rank ≤ 10', 'n'))],
  },
  {
    key: 'map',
    name: 'mAP',
    text:
      'Mean average precision: the mean of AP over the queries. AP is the mean, over a query’s R matches, of ' +
      'the share ' +
      'of matches among the images up to and including that match. r_i is the rank of the i-th match.',
    formulas: [equation('AP', over('1', 'R'), sum('i', '1', 'R'), over('i', sub('r', 'i')))],
    note: 'As in torchreid, fast-reid and CLIP-ReID.',
  },
  {
    key: 'map-trapezoidal',
    name: 'mAP, trapezoidal',
    text:
      'The same mean, but each match counts with the average of the precision just before that match and at it. Just ' +
      'before a match at rank 1 the precision is 1.',
    formulas: [
      equation(
        'AP',
        over('1', 'R'),
        sum('i', '1', 'R'),
        over('1', '2'),
        brackets(over(of('i', '−', '1'), of(sub('r', 'i'), '−', '1')), '+', over('i', sub('r', 'i'))),
      ),
    ],
    note:
      'As in CLIP-HandID and in the code of Oxford Buildings and Market-1501. With one match per query it is ' +
      'the mean of ' +
      'standard mAP and Rank-1.',
  },
];

/** What a match at rank r adds to the discounted gain. @param {Formula} rank */
const gain = (rank) => over('1', of(sub(as('mi', 'log'), '2'), '(', rank, '+', '1', ')'));

/** @type {Definition[]} those of the study */
export const STUDY = [
  {
    key: 'minp',
    name: 'mINP',
    text:
      'Mean inverse negative penalty: the mean over the queries of R matches divided by the rank of the last of them ' +
      '(Ye et al. 2021).',
    formulas: [equation('mINP', over('1', 'n'), under('∑', 'queries'), over('R', sub('r', 'R')))],
  },
  {
    key: 'r-precision',
    name: 'R-precision',
    text:
      'The share of matches among the first R images, where R is the query’s number of matches; the mean over ' +
      'the queries.',
    formulas: [equation('R-precision', over('matches at rank ≤ R', 'R'))],
  },
  {
    key: 'ndcg',
    name: 'nDCG',
    text:
      'Normalised discounted cumulative gain: a match at rank r weighs 1 / log_2(r + 1), and their sum is ' +
      'divided by that ' +
      'of the best possible order; the mean over the queries.',
    formulas: [equation('nDCG', over(of(sum('i', '1', 'R'), gain(sub('r', 'i'))), of(sum('i', '1', 'R'), gain('i'))))],
  },
  {
    key: 'precision-recall',
    name: 'Precision and recall at k',
    text: 'Matches among the first k images, divided by k and by all R matches; the means over the queries.',
    formulas: [
      equation('Precision', over('matches at rank ≤ k', 'k')),
      equation('Recall', over('matches at rank ≤ k', 'R')),
    ],
  },
  {
    key: 'pairs',
    name: 'Pairs',
    text:
      'Every query with every gallery image that is eligible for it, both with an identity. A pair is ' +
      'accepted if its ' +
      'similarity reaches the threshold.',
  },
  {
    key: 'rates',
    name: 'FPR, FNR, TPR',
    text:
      'The false positive rate FPR is the share of different-identity pairs that are accepted. The false negative ' +
      'rate FNR is the share of same-identity pairs that are not accepted. The true positive rate TPR is 1 − FNR.',
    formulas: [
      equation('FPR', over('different-identity pairs accepted', 'different-identity pairs')),
      equation('FNR', over('same-identity pairs not accepted', 'same-identity pairs')),
    ],
  },
  {
    key: 'auc',
    name: 'AUC',
    text:
      'The area under the ROC curve: the probability that a same-identity pair is more similar than a ' +
      'different-identity pair. Equal similarities count half.',
    formulas: [
      equation(
        'AUC',
        'P',
        '(',
        sub('s', 'same'),
        '>',
        sub('s', 'different'),
        ')',
        '+',
        over('1', '2'),
        'P',
        '(',
        sub('s', 'same'),
        '=',
        sub('s', 'different'),
        ')',
      ),
    ],
  },
  {
    key: 'eer',
    name: 'EER',
    text:
      'Equal error rate: the error rate at the threshold t where FPR and FNR are equal, interpolated linearly ' +
      'between two thresholds.',
    formulas: [equation('EER', 'FPR', '(', 't', ')', '=', 'FNR', '(', 't', ')')],
  },
  {
    key: 'tpr',
    name: 'TPR at an FPR',
    text:
      'The largest TPR of all thresholds t whose FPR is at most x. With fewer than 10 / x different-identity ' +
      'pairs, it ' +
      'depends on single pairs.',
    formulas: [
      equation(of('TPR at FPR\u00a0', 'x'), under('max', of('FPR', '(', 't', ')', '≤', 'x')), 'TPR', '(', 't', ')'),
    ],
  },
  {
    key: 'd-prime',
    name: 'd′',
    text:
      'The distance between the mean similarities of same-identity and of different-identity pairs, in ' +
      'units of their ' +
      'common standard deviation.',
    formulas: [
      equation(
        as('mi', 'd′'),
        over(
          of(sub('μ', 'same'), '−', sub('μ', 'different')),
          as(
            'msqrt',
            over('1', '2'),
            '(',
            as('msubsup', 'σ', 'same', '2'),
            '+',
            as('msubsup', 'σ', 'different', '2'),
            ')',
          ),
        ),
      ),
    ],
  },
  {
    key: 'open-set',
    name: 'DIR, FPIR, balanced accuracy',
    text:
      'Open set: is this identity in the gallery, and which one is it? A query is accepted if its most similar image ' +
      'reaches the threshold. DIR, the detection and identification rate at rank 1, is taken over the queries in the ' +
      'gallery; FPIR, the false positive identification rate, over those that are not. The balanced accuracy is the ' +
      'mean of both rates of correct decisions.',
    formulas: [
      equation('DIR', over('accepted, with a match first', 'queries in the gallery')),
      equation('FPIR', over('accepted', 'queries not in the gallery')),
      equation('balanced accuracy', over(of('DIR', '+', '1', '−', 'FPIR'), '2')),
    ],
  },
  {
    key: 'intervals',
    name: '95 % intervals',
    text:
      'Bootstrap over identities, 1000 samples, percentile method, seed 1. Changes are paired: both sides ' +
      'use the same ' +
      'samples.',
  },
];

/** @type {Definition[]} by the key of their row in the table of protocols */
export const PROTOCOLS = [
  {
    key: 'asTheyAre',
    name: 'Queries and gallery as they are',
    text: 'The whole gallery is ranked for every query. These are the values under Metrics.',
  },
  {
    key: 'leaveOneOut',
    name: 'Leave-one-out',
    text:
      'All images of both sets form one pool, and each of them is a query against all others. It is never ' +
      'ranked against ' +
      'itself. A query whose identity has no other image is unmatched.',
  },
  {
    key: 'splits',
    name: 'Splits',
    text:
      'All images of both sets form one pool. Each run draws k images of each identity for the gallery, and ' +
      'the others ' +
      'are queries; mean ± sample standard deviation over the runs. Identities with no more than k images have no ' +
      'queries. The same seed gives the same splits everywhere. As in CLIP-HandID’s ten Monte Carlo runs.',
  },
  {
    key: 'singleGalleryShot',
    name: 'CUHK03, single gallery shot',
    text:
      'For each query, one gallery image of each identity is drawn and ranked, ten times: mean ± sample standard ' +
      'deviation over the draws. mAP is that of the whole gallery (Li et al. 2014). As in torchreid’s ' +
      'eval_cuhk03, with ' +
      'different random draws.',
  },
];

/** @param {string} key */
export function definitionOf(key) {
  const found = [...METRICS, ...STUDY, ...PROTOCOLS].find((definition) => definition.key === key);
  if (!found) throw new Error(`No definition is called ${key}`);
  return found;
}
