// @ts-check
/** Model, device, progress, notices and problems → the lines that show them. */
import { on } from '../events.js';
import { finishedWords } from '../words/progress.js';
import { requests, watchRequests } from '../workers/requests.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireStatus(session, views) {
  const { embedder, model, notices, problems } = session;

  const showModelCard = () => views.modelCard.update(model.state, isForeign(session), !session.items.areImported);
  on(model, 'change', () => {
    views.model.update(model.state);
    showModelCard();
  });
  on(session.sample, 'change', showModelCard);
  on(session.items, 'change', showModelCard);
  views.modelCard.on('dismiss', () => model.keep());
  on(model, 'device', () => views.device.update(model.device));
  wireProgress(session, views);
  on(requests, 'change', () => views.privacy.update(requests.byOrigin));
  watchRequests((addresses) => requests.add(addresses));
  views.privacy.update(requests.byOrigin);

  on(notices, 'change', () => views.notice.update(notices));
  views.notice.on('undo', () => notices.undo());
  views.notice.on('choose-set', (set) => session.drops.chooseSet(set));
  views.notice.on('replace', () => session.sets.replace());
  views.notice.on('choose-run', ({ run, distractors }) => session.drops.chooseRun(run, distractors));

  on(problems, 'change', (all) => views.problems.update(all));
  views.problems.on('dismiss', () => problems.dismiss(() => true));
  views.progress.on('cancel', () => (session.listings.isBusy ? session.listings.cancel() : embedder.cancel()));
  views.progress.on('continue', () => embedder.again());
}

/**
 * Whether the bundled model is about to judge images that it knows nothing about.
 * @param {import('../session/session.js').Session} session
 */
function isForeign({ model, sample, items }) {
  return model.state.info?.isBundled === true && !sample.isShown && !items.areImported;
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
function wireProgress({ embedder, listings }, views) {
  on(embedder, 'progress', (progress) => views.progress.update(progress));
  on(listings, 'change', () => views.progress.showListing(listings.isBusy, listings.files));
  on(embedder, 'finished', (run) => views.progress.finish(finishedWords(run, embedder.hasModel)));
}
