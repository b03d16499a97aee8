// @ts-check
/** Dropped, picked and pasted files → the session. */
import { filesFromClipboard, filesFromDrop, filesFromInput } from '../session/sets/dropped-files.js';
import { whyNothing } from '../words/drop-summary.js';

/** Of browsers without `webkitdirectory`: Firefox on Android before 142, Safari on iOS before 18.4. */
const FOLDERS_LOST =
  'This browser passes on files without their folders, so neither sets nor identities can be read from ' +
  'folder names. File names such as those of Market-1501 are still read; other identities can be typed in.';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireFiles(session, views) {
  /** @type {import('../types.js').SetName} where a paste goes */
  let lastUsed = 'query';

  /**
   * @param {(options: import('../session/sets/dropped-files.js').Options) => import('../session/sets/dropped-files.js').Listing | Promise<import('../session/sets/dropped-files.js').Listing>} list
   * @param {import('../types.js').Zone} where
   */
  const take = async (list, where) => {
    // A collection has one list; what is dropped there may be anything.
    const zone = session.items.counts.collection > 0 ? 'dataset' : where;
    if (zone !== 'dataset') lastUsed = zone;
    const wasTaken = await session.listings.run(
      async (options) => list(options),
      async ({ files, problems }, signal) => {
        session.problems.addAll(problems);
        if (files.length === 0 && problems.length > 0) session.notices.say(whyNothing(problems));
        await session.drop(files, zone, signal);
      },
    );
    if (!wasTaken) session.notices.say('Cancelled: nothing was added.');
  };

  for (const view of Object.values(views.zones)) {
    view.on('files', (files) => take((options) => filesFromInput(files, options), view.zone));
    view.on('folders-lost', () => session.problems.add({ file: '', reason: FOLDERS_LOST, kind: 'error' }));
    view.on('use', () => {
      if (view.zone !== 'dataset') lastUsed = view.zone;
    });
  }
  views.notice.on('choose-set', (set) => {
    if (set !== 'collection') lastUsed = set;
  });
  views.dropArea.on('drop', ({ transfer, zone }) => take((options) => filesFromDrop(transfer, options), zone));
  views.dropArea.on('paste', (transfer) => take(() => filesFromClipboard(transfer), lastUsed));
  views.model.on('correct', ({ field, value }) => session.model.correct(field, value));
  for (const view of [views.model, views.modelCard]) view.on('pick', () => views.modelInput.open());
  views.modelInput.on('files', (files) => take((options) => filesFromInput(files, options), 'dataset'));
}
