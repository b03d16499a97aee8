// @ts-check
/** The bundled sample and the tour through it. */
import { identityName } from '../words/format.js';
import { listen } from '../session/session.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireSample(session, views) {
  const { sample, evaluator } = session;
  /** @type {import('../types.js').RankEntry[]} */
  let entries = [];

  listen(sample, 'change', () => views.sample.update(sample));
  views.sample.on('tour', () => views.tour.start());
  views.sample.on('leave', () => {
    sample.stepAside();
    session.notices.say('The sample is put away. Drop your own images.');
  });
  views.sample.on('open', (name) => session.showSample(name));

  listen(evaluator, 'evaluation', () => views.tour.update(facts()));
  listen(evaluator, 'ranks', (ranks) => {
    entries = ranks.entries ?? [];
    views.tour.update(facts());
  });

  /** @returns {import('../words/tour.js').TourFacts | null} */
  function facts() {
    const { evaluation } = evaluator;
    const query = session.selected;
    if (!evaluation?.evaluated || !query) return null;
    return {
      evaluation,
      queries: evaluation.queries,
      gallery: evaluation.gallery,
      identity: identityName(query.identity),
      numbers: session.model.info?.features ?? 0,
      first: entries[0],
      result: evaluator.resultOf(query.id),
    };
  }
}
