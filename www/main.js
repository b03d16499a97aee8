// @ts-check
/** Makes one session and the views, and wires them together. */
import { Session } from './session/session.js';
import { createViews } from './views/all.js';
import { wireComparison } from './wiring/comparison.js';
import { wireFiles } from './wiring/files.js';
import { wireImageSets } from './wiring/image-sets.js';
import { wireLarge } from './wiring/large.js';
import { wireNumbers } from './wiring/numbers.js';
import { wireQueryOrder } from './wiring/query-order.js';
import { wireStatus } from './wiring/status.js';

const session = new Session(deviceFromAddress());
const views = createViews();

wireFiles(session, views);
wireImageSets(session, views);
wireQueryOrder(session, views);
wireComparison(session, views);
wireLarge(session, views);
wireNumbers(session, views);
wireStatus(session, views);

/** @returns {'auto' | 'cpu' | 'webgpu'} from ?device= */
function deviceFromAddress() {
  const device = new URLSearchParams(location.search).get('device');
  return device === 'cpu' || device === 'webgpu' ? device : 'auto';
}
