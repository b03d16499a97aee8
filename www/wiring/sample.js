// @ts-check
/** The bundled sample and the tour through it. */
import { on } from '../events.js';
import { identityName } from '../words/format.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireSample(session, views) {
  const { sample, evaluator } = session;
  /** @type {import('../types.js').RankEntry[]} */
  let entries = [];

  on(sample, 'change', () => views.sample.update(sample));
  views.sample.on('tour', () => views.tour.start());
  views.sample.on('leave', () => {
    sample.remove();
    session.notices.say('Sample closed. Add your own pictures.');
  });
  views.sample.on('open', (name) => session.showSample(name));

  on(evaluator, 'evaluation', () => views.tour.update(facts()));
  on(evaluator, 'ranks', (ranks) => {
    entries = ranks.entries ?? [];
    views.tour.update(facts());
  });

  /** @returns {import('../words/tour.js').TourFacts | null} */
  function facts() {
    const { evaluation } = evaluator;
    const query = session.selection.item;
    if (!evaluation?.evaluated || !query) return null;
    return {
      evaluation,
      queries: evaluation.queries,
      gallery: evaluation.gallery,
      identity: identityName(query.identity),
      dimensions: session.model.state.info?.features ?? 0,
      first: entries[0],
      result: evaluator.resultOf(query.id),
    };
  }
}
