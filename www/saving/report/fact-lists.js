// @ts-check
/**
 * The data set, the embeddings and the settings of a report, as names and values.
 *
 * @typedef {import('./report-facts.js').ReportFacts} ReportFacts
 * @typedef {[string, string][]} Facts
 */
import { count, speed, whole } from '../../words/format.js';
import { modelFacts } from '../../words/model-facts.js';
import { notEmbeddedWords, sameFileWords, unlabelledGalleryWords, unmatchedWords } from '../../words/reasons.js';
import { refinementWords } from '../../words/refinements.js';

/** @param {ReportFacts} facts @returns {Facts} */
export function dataSetFacts({ sets: [query, gallery], studied: { study } }) {
  return [
    ['Query', setWords(query, 'query image')],
    ['Gallery', setWords(gallery, 'gallery image')],
    ...(notEmbeddedWords(study.notEmbedded)
      ? /** @type {Facts} */ ([['Not included', notEmbeddedWords(study.notEmbedded)]])
      : []),
    ...(unlabelledGalleryWords(study)
      ? /** @type {Facts} */ ([['Without an identity', unlabelledGalleryWords(study)]])
      : []),
    ['Queries with an identity', whole(study.labelled)],
    ['Queries with no match', [whole(study.unmatched), unmatchedWords(study.unmatchedBy)].filter(Boolean).join(': ')],
    ['Same file as the query', sameFileWords(study.sameFile)],
    ['Junk images, excluded', count(study.junk, 'image')],
    ...contentFacts('Content of the queries', query.content),
    ...contentFacts('Content of the gallery', gallery.content),
  ];
}

/**
 * @param {ReportFacts['sets'][number]} set
 * @param {string} noun
 */
function setWords({ images, identities, cameras }, noun) {
  const words = [count(images, noun), identities ? count(identities, 'identity', 'identities') : 'no identities'];
  return [...words, cameras ? count(cameras, 'camera') : 'no cameras'].join(', ');
}

/** @param {string} name @param {string | null} content @returns {Facts} */
function contentFacts(name, content) {
  return content ? [[name, `SHA-256 ${content}, the hash of the sorted file hashes`]] : [];
}

/** @param {ReportFacts} facts @returns {Facts} */
export function embeddingFacts({ model, device, files, dimensions }) {
  const unknown = files.length ? 'unknown: the file of embeddings does not say' : 'none';
  return [
    ...(files.length ? /** @type {Facts} */ ([['From', files.join(', ')]]) : []),
    ['Dimensions', whole(dimensions)],
    ...(model
      ? modelFacts(model)
          .filter(([name]) => name !== 'Embedding')
          .map(([name, value]) => /** @type {[string, string]} */ ([name === 'Name' ? 'Model' : name, value]))
      : /** @type {Facts} */ ([['Model', unknown]])),
    ...(device
      ? /** @type {Facts} */ ([
          [
            'Computed on',
            [
              device.kind === 'cpu' ? 'CPU, WebAssembly' : `GPU, WebGPU: ${device.name}`,
              speed(device.imagesPerSecond ?? 0),
            ]
              .filter(Boolean)
              .join(', '),
          ],
        ])
      : []),
  ];
}

/** @param {ReportFacts} facts @returns {Facts} */
export function settingFacts({
  sets,
  studied: {
    study: { settings, matches },
  },
}) {
  const hasCameras = sets.some(({ cameras }) => cameras > 0);
  const sameCamera = settings.removeSameCamera ? `ignored, ${count(matches.sameCamera, 'pair')}` : 'counted';
  return [
    ['Queries with no match', settings.unmatched === 'drop' ? 'ignored' : 'count as 0'],
    ['Same identity, same camera', hasCameras ? sameCamera : 'no cameras known'],
    ['Refinements', refinementWords(settings).join('; ') || 'none'],
    ['Threshold chosen for', targetWords(settings.target)],
    ['Intervals', `95 %, bootstrap over identities, 1000 samples, percentile method, seed ${settings.seed}`],
  ];
}

/** @param {import('../../types.js').ThresholdTarget} target */
export function targetWords(target) {
  if (target.kind === 'falsePositiveRate') return `a false positive rate of at most ${target.rate}`;
  if (target.kind === 'cost')
    return (
      `minimum cost: a false match costs ${target.ratio}× a missed one, and the share of same-identity pairs is ` +
      `${target.prior}`
    );
  return 'equal error rates';
}
