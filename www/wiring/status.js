// @ts-check
/** Model, device, progress, notices and problems → the lines that say them. */
import { count, duration, speed } from '../words/format.js';
import { requests, watchRequests } from '../workers/requests.js';
import { listen } from '../session/session.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireStatus(session, views) {
  const { embedder, notices, problems } = session;

  const showModelCard = () => views.modelCard.update(session.model, isForeign(session), !session.items.areImported);
  listen(session, 'model', () => {
    views.model.update(session.model);
    showModelCard();
  });
  listen(session.sample, 'change', showModelCard);
  listen(session.items, 'change', showModelCard);
  views.modelCard.on('dismiss', () => session.keepModel());
  listen(session, 'device', () => views.device.update(session.device));
  wireProgress(session, views);
  requests.addEventListener('change', () => views.privacy.update(requests.byOrigin));
  watchRequests((addresses) => requests.add(addresses));
  views.privacy.update(requests.byOrigin);

  notices.addEventListener('change', () => views.notice.update(notices));
  views.notice.on('undo', () => notices.undo());
  views.notice.on('choose-set', (set) => (session.imports.isWaiting ? session.imports : session.sets).chooseSet(set));
  views.notice.on('replace', () => session.sets.replace());
  views.notice.on('choose-run', ({ run, distractors }) => session.sets.chooseRun(run, distractors));

  listen(problems, 'change', (all) => views.problems.update(all));
  views.problems.on('dismiss', () => problems.dismiss(() => true));
  views.progress.on('cancel', () => (session.listings.isBusy ? session.listings.cancel() : embedder.cancel()));
  views.progress.on('continue', () => embedder.again());
}

/**
 * Whether the bundled model is about to judge what it does not know.
 * @param {import('../session/session.js').Session} session
 */
function isForeign({ model, sample, items }) {
  return model.info?.isBundled === true && !sample.isShown && !items.areImported;
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
function wireProgress({ embedder, listings }, views) {
  listen(embedder, 'progress', (progress) => views.progress.update(progress));
  listen(listings, 'change', () => views.progress.showListing(listings.isBusy, listings.files));
  listen(embedder, 'finished', ({ images, failed, aside, seconds }) => {
    const verb = embedder.hasModel ? 'embedded' : 'read';
    const time = seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
    const done = `${count(images - failed, 'image')} ${verb} in ${time}, ${speed((images - failed) / seconds)}`;
    const parts = [images > failed ? done : '', failed ? `${count(failed, 'image')} not read` : '', aside ? `${count(aside, 'image')} ${aside === 1 ? 'waits' : 'wait'}` : ''];
    views.progress.finish(parts.filter(Boolean).join('; '));
  });
}
