/** The page in Firefox: what holds in every browser, a model from a hub, a private window. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probed, testEverywhere } from './everywhere.js';
import { startFirefox } from './firefox.js';
import { fileOf, startHub } from './hub.js';
import { fixture } from './site.js';

/** It multiplies and adds in one step, as Chromium does. */
testEverywhere(startFirefox, { package: 'cpu-relaxed', tolerance: 0 });
