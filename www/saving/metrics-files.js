// @ts-check
/**
 * The metrics of an evaluation with everything they depend on, as files. Rust makes them, as for the command line.
 *
 * @typedef {import('../session/session.js').Session} Session
 */
import { embeddedImages } from './exports.js';
import { describeModel } from './model.js';

/** @param {Session} session */
export async function metricsJson(session) {
  return new Blob([await session.matching.metricsJson(await savedFrom(session))], { type: 'application/json' });
}

/**
 * Name and value of each metric; one line per query.
 * @param {Session} session
 * @param {boolean} isForSpreadsheets
 */
export async function metricsTables(session, isForSpreadsheets) {
  const tables = await session.matching.metricsTables(await savedFrom(session), isForSpreadsheets);
  return tables.map((table) => new Blob([table], { type: 'text/csv' }));
}

/**
 * What the files are made from: the study with its settings, queries by path, and the protocols that are shown.
 * @param {Session} session
 */
async function savedFrom(session) {
  const { items, evaluator, model, protocols, studies } = session;
  const device = items.areImported ? null : model.device;
  const origin = { model: await describeModel(session), device, protocols: protocols.found };
  await evaluator.share();
  return { settings: studies.settings, images: embeddedImages(session), origin };
}
