/** The page in WebKit: what holds in every browser. Its driver's sessions are private ones. */
import { testEverywhere } from './everywhere.js';
import { startWebKit } from './webkit.js';

/** Without relaxed SIMD it rounds between multiplying and adding. */
testEverywhere(startWebKit, { package: 'cpu', tolerance: 1e-6 });
