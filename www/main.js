// @ts-check
/** Makes one session and the views, and wires them together. */
import { hubFrom } from './models/source.js';
import { keepForOffline } from './offline.js';
import { Session } from './session/session.js';
import { SAMPLES } from './session/sets/sample.js';
import { createViews } from './views/all.js';
import { wireComparison } from './wiring/comparison.js';
import { wireFiles } from './wiring/files.js';
import { wireImageSets } from './wiring/image-sets.js';
import { wireLarge } from './wiring/large.js';
import { wireLeaving } from './wiring/leaving.js';
import { wireModels } from './wiring/models.js';
import { wireProtocols } from './wiring/protocols.js';
import { wireQueryOrder } from './wiring/query-order.js';
import { wireResults } from './wiring/results.js';
import { wireSample } from './wiring/sample.js';
import { wireStatus } from './wiring/status.js';
import { wireStudy } from './wiring/study.js';

const address = new URLSearchParams(location.search);
const session = new Session(deviceFromAddress());
const views = createViews();

wireFiles(session, views);
wireModels(session, views, hubFrom(address.get('hub')));
wireImageSets(session, views);
wireQueryOrder(session, views);
wireComparison(session, views);
wireLarge(session, views);
wireResults(session, views);
wireStudy(session, views);
wireProtocols(session, views);
wireStatus(session, views);
wireSample(session, views);
wireLeaving(session);
begin();
// Copying the page's files takes time from a first run; it waits for its end.
session.embedder.addEventListener('finished', keepForOffline, { once: true });
// start.js has waited for it.
document.dispatchEvent(new Event('started'));

/** The first screen is a result: the sample that ?sample= names, or nothing for ?sample=none. */
function begin() {
  const asked = address.get('sample') ?? SAMPLES[0];
  const name = SAMPLES.find((sample) => sample === asked);
  if (name) session.showSample(name);
}

/** @returns {'auto' | 'cpu' | 'webgpu'} from ?device= */
function deviceFromAddress() {
  const device = address.get('device');
  return device === 'cpu' || device === 'webgpu' ? device : 'auto';
}
