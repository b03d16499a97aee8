// @ts-check
/**
 * The report: one HTML file with every value, without scripts and without anything to load.
 *
 * @typedef {import('./report-facts.js').ReportFacts} ReportFacts
 */
import { textElement } from '../../views/dom.js';
import { findingTexts } from '../../words/findings.js';
import { count, fraction, whole } from '../../words/format.js';
import { intervalWords } from '../../words/intervals.js';
import { drawnNote, lostNotes } from '../../words/protocol-rows.js';
import { refinementWords } from '../../words/refinements.js';
import { noteOf } from '../../words/study-rows.js';
import { thresholdWords } from '../../words/threshold.js';
import { definitions } from './definitions.js';
import { dataSetFacts, embeddingFacts, settingFacts, targetWords } from './fact-lists.js';
import { cmcFigure, distributionFigure, rocFigure } from './figures.js';
import { factList, meta, section, sideBySide, textList } from './parts.js';
import { reportFacts } from './report-facts.js';
import { STYLE } from './style.js';
import { changesTable, cmcTable, metricsTable, protocolsTable, worstTable } from './tables.js';

const HEADLINE = /** @type {const} */ ([
  ['Rank-1', 'rank1'],
  ['mAP', 'meanAveragePrecision'],
  ['mAP, trapezoidal', 'meanAveragePrecisionTrapezoidal'],
]);
/** How many of the queries that got better or worse are listed. */
const NAMED = 12;
/** How many of the queries with a low AP are listed. */
const MOST_WORST = 30;
/** Nothing may be loaded, whatever files are called. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** @param {import('../../session/session.js').Session} session */
export async function reportHtml(session) {
  return new Blob([report(await reportFacts(session))], { type: 'text/html' });
}

/** @param {ReportFacts} facts */
function report(facts) {
  // Never put into a document: this page's own policy forbids such styles.
  const root = document.createElement('html');
  root.lang = 'en';
  const [head, body, main] = ['head', 'body', 'main'].map((name) => document.createElement(name));
  head.append(
    meta({ charset: 'utf-8' }),
    meta({ 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    meta({ name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    meta({ name: 'color-scheme', content: 'light dark' }),
    textElement('title', 'Re-identification report'),
    textElement('style', STYLE),
  );
  main.append(heading(facts), ...sections(facts));
  body.append(main);
  root.append(head, body);
  for (const element of root.querySelectorAll('[class=""]')) element.removeAttribute('class');
  return `<!doctype html>\n${root.outerHTML}\n`;
}

/** @param {ReportFacts} facts */
function heading({ made, studied: { study } }) {
  const header = document.createElement('header');
  const date = made.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  header.append(
    textElement('h1', 'Re-identification report'),
    textElement('p', `Made with reid-web on ${date}.`, 'small'),
  );
  const list = textElement('dl', '', 'headline');
  for (const [name, interval] of HEADLINE) {
    const value = interval === 'rank1' ? study.cmc[0] : study[interval];
    const range = study.intervals[interval];
    const pair = document.createElement('div');
    const between = range ? intervalWords(range) : '';
    pair.append(textElement('dt', name), textElement('dd', fraction(value)), textElement('dd', between, 'small'));
    list.append(pair);
  }
  const refinements = refinementWords(study.settings).join('; ');
  header.append(
    list,
    textElement('p', `${refinements ? `With ${refinements}. ` : ''}${noteOf({ study, comparison: null })}`, 'small'),
  );
  return header;
}

/** @param {ReportFacts} facts */
function sections(facts) {
  const { studied, findings } = facts;
  const { study, comparison } = studied;
  const hasPairs = study.verification.curve.length > 0;
  return [
    section('Metrics', metricsTable(studied)),
    section('CMC curve', sideBySide(cmcFigure(study.cmc), cmcTable(study))),
    ...(hasPairs
      ? [
          section('Similarities of same-identity and different-identity pairs', ...similarities(facts)),
          section('ROC curve', rocFigure(study)),
        ]
      : []),
    ...(comparison?.differences ? [section('What the refinements change', ...changes(comparison, facts))] : []),
    section('Queries with the lowest AP', ...worst(facts)),
    ...(facts.protocols ? [section('Other protocols', ...others(facts.protocols))] : []),
    section('Data set', factList(dataSetFacts(facts)), textList(findingTexts(findings))),
    section('Embeddings', factList(embeddingFacts(facts))),
    section('Settings', factList(settingFacts(facts))),
    section('What the values mean', definitions()),
  ];
}

/** @param {ReportFacts} facts */
function similarities({ studied: { study }, threshold }) {
  const drawn = distributionFigure(study, threshold?.threshold ?? null);
  if (!threshold) return [drawn];
  return [
    drawn,
    textList([
      `The threshold is ${fraction(threshold.threshold)}, chosen for ${targetWords(study.settings.target)}.`,
      ...thresholdWords(threshold, study),
    ]),
  ];
}

/**
 * @param {import('../../types.js').Comparison} comparison
 * @param {ReportFacts} facts
 */
function changes({ better, worse }, { pathOf }) {
  return [
    [better, 'better'],
    [worse, 'worse'],
  ].flatMap(([list, word]) => {
    const changed = /** @type {import('../../types.js').Change[]} */ (list);
    const named = changed.slice(0, NAMED);
    const note =
      `${count(changed.length, 'query has', 'queries have')} a ${word} ` +
      `AP${changed.length > named.length ? `; the ${named.length} that changed most are listed` : ''}.`;
    return [textElement('p', note, 'change'), ...(named.length ? [changesTable(named, pathOf)] : [])];
  });
}

/** @param {ReportFacts} facts */
function worst({ worst, studied: { study } }) {
  const listed = worst.slice(0, MOST_WORST);
  const averages = [
    study.settings.averageQueries ? ' Each is the average of an identity’s images, named after the first of them.' : '',
    study.settings.averageGallery
      ? ' The top match is an average of gallery images, named after the first of them.'
      : '',
  ].join('');
  const some = listed.length < worst.length ? `; the ${listed.length} lowest are listed` : '';
  const note =
    `${whole(worst.length)} of ${count(study.evaluated, 'query', 'queries')} ` +
    `${worst.length === 1 ? 'has' : 'have'} an AP below 1${some}.${averages}`;
  return [textElement('p', note, 'small'), ...(listed.length ? [worstTable(listed)] : [])];
}

/** @param {import('../../types.js').FoundProtocols} found */
function others(found) {
  const { galleryImages, runs, seed } = found.draws;
  const note =
    'The same embeddings with other queries and galleries, without refinements. Splits: ' +
    `${count(galleryImages, 'gallery image')} of each identity, ${count(runs, 'run')}, seed ${seed}.`;
  const drawn = found.splits ? drawnNote(found.splits) : '';
  const lost = lostNotes(found).join(' ');
  return [textElement('p', [note, drawn, lost].filter(Boolean).join(' '), 'small'), protocolsTable(found)];
}
