/** Fractions are 0..1 and never NaN; null where a metric has no query to be taken over. Ids are the page's. */

export type Unmatched = 'notInGallery' | 'notAmongLabelled' | 'notEmbedded' | 'sameCamera' | 'sameFile';
export type UnmatchedCounts = Record<Unmatched, number>;
export interface SetCounts { queries: number; gallery: number }

export interface Evaluation {
  queries: number;
  gallery: number;
  notEmbedded: SetCounts;
  labelled: number;
  unmatched: number;
  unmatchedBy: UnmatchedCounts;
  junkQueries: number;
  junk: number;
  labelledGallery: number;
  sameFile: number;
  matches: { counted: number; sameCamera: number; sameFile: number };
  evaluated: number;
  cmc: number[];
  hits: number[];
  meanAveragePrecision: number | null;
  meanAveragePrecisionTrapezoidal: number | null;
  perQuery: QueryResult[];
}

export interface QueryResult {
  id: number;
  bestId: number | null;
  bestSimilarity: number | null;
  bestIsMatch: boolean | null;
  firstMatchRank: number | null;
  unmatched: Unmatched | null;
  averagePrecision: number | null;
  averagePrecisionTrapezoidal: number | null;
  margin: number | null;
  removed: number;
  matchRanks: number[];
}

export interface RankEntry { id: number; rank: number; similarity: number; isMatch: boolean | null }

export type Caution = { kind: 'noSpread'; undetected: number } | { kind: 'fewIdentities' };
export interface Interval {
  estimate: number;
  low: number;
  high: number;
  queries: number;
  identities: number;
  caution: Caution | null;
}
export type Intervals = Record<
  'rank1' | 'rank5' | 'rank10' | 'meanAveragePrecision' | 'meanAveragePrecisionTrapezoidal' |
  'meanInverseNegativePenalty', Interval | null>;

export interface ErrorRates {
  threshold: number | null;
  truePositives: number;
  falsePositives: number;
  falsePositiveRate: number;
  falseNegativeRate: number;
  truePositiveRate: number;
}

export interface OpenSetRates {
  threshold: number | null;
  identified: number;
  falseAlarms: number;
  detectionAndIdentificationRate: number | null;
  falsePositiveIdentificationRate: number | null;
  balancedAccuracy: number | null;
}

export interface ThresholdIntervals {
  detectionAndIdentificationRate: Interval | null;
  falsePositiveIdentificationRate: Interval | null;
}

export interface AtThreshold {
  pairs: ErrorRates | null;
  queries: OpenSetRates;
  intervals: ThresholdIntervals;
  accepted: number;
  rejected: number;
}

export interface Retrieval {
  meanInverseNegativePenalty: number | null;
  meanRPrecision: number | null;
  meanNormalisedDiscountedGain: number | null;
  at: { rank: number; meanPrecision: number | null; meanRecall: number | null }[];
}

export interface Distribution {
  pairs: number;
  mean: number | null;
  standardDeviation: number | null;
  histogram: number[];
}

export interface Verification {
  genuine: Distribution;
  impostor: Distribution;
  notFinite: number;
  areaUnderCurve: number | null;
  equalErrorRate: { rate: number; threshold: number } | null;
  truePositiveRates: (ErrorRates & { target: number; tooFewImpostors: boolean })[];
  dPrime: number | null;
  curve: { falsePositiveRate: number; truePositiveRate: number; threshold: number | null }[];
}

export interface EvaluationOptions { removeSameCamera: boolean; unmatched: 'drop' | 'zero' }

export interface Refinements {
  whitening?: { components: number | null; epsilon: number } | null;
  averageQueries?: boolean;
  averageGallery?: boolean;
  queryExpansion?: { k: number; alpha: number } | null;
  galleryAugmentation?: { k: number; alpha: number } | null;
  reRanking?: { k1: number; k2: number; lambda: number } | null;
  normalisation?: { norm: 'z' | 't' | 's'; cohort: 'all' | { closest: number } } | null;
}

export type ThresholdTarget =
  { kind: 'equalErrorRate' } | { kind: 'falsePositiveRate'; rate: number } |
  { kind: 'cost'; ratio: number; prior: number };
export type StudySettings = EvaluationOptions & Refinements & { target: ThresholdTarget; seed: number };

export interface StudyNumbers {
  settings: StudySettings;
  retrieval: Retrieval;
  intervals: Intervals;
  verification: Verification;
  openSet: { known: number; unknown: number; curve: OpenSetRates[] };
  bestBalanced: OpenSetRates | null;
  atFalseAlarms: OpenSetRates | null;
  threshold: ErrorRates | null;
  thresholdIntervals: ThresholdIntervals | null;
  queryMembers: number[][] | null;
  galleryMembers: number[][] | null;
}

export interface PlainNumbers {
  evaluated: number;
  cmc: (number | null)[];
  meanAveragePrecision: number | null;
  meanAveragePrecisionTrapezoidal: number | null;
  retrieval: Retrieval;
  areaUnderCurve: number | null;
  equalErrorRate: number | null;
  dPrime: number | null;
  truePositiveRates: number[];
  bestBalanced: OpenSetRates | null;
  atFalseAlarms: OpenSetRates | null;
}

export interface Change { id: number; before: number; after: number }
export interface Comparison {
  plain: PlainNumbers;
  differences: Intervals | null;
  better: Change[];
  worse: Change[];
}
export interface Studied { study: Evaluation & StudyNumbers; comparison: Comparison | null }

export interface RunSummary { runs: number; mean: number; standardDeviation: number | null }
export interface ProtocolNumbers {
  summary: Record<
    'rank1' | 'rank5' | 'rank10' | 'meanAveragePrecision' | 'meanAveragePrecisionTrapezoidal', RunSummary | null>;
  queries: number;
  gallery: number;
  notEmbedded: SetCounts;
  evaluated: number;
  labelled: number;
  unmatchedBy: UnmatchedCounts;
  sameFile: number;
  repeated: number;
  drawn: {
    identities: number;
    smallIdentities: number;
    distractors: number;
    unlabelled: number;
    repeated: number;
  } | null;
}

export interface Finding { kind: string; severity: 'wrong' | 'doubtful' | 'note'; groups: number[][] }

export interface SetFacts { images: number; identities: number; cameras: number; content: string | null }
export interface DataFacts { query: SetFacts; gallery: SetFacts }

export interface ImportedImage {
  path: string;
  set: 'query' | 'gallery' | null;
  identity: string | null;
  camera: string | null;
  content?: string;
}

/** What a path says; `skip`: why it is no image, which then has no label. */
export interface DescribedPath {
  set?: 'query' | 'gallery' | null;
  run?: string | null;
  distractors?: boolean;
  identity?: string | null;
  camera?: string | null;
  source?: string;
  skip: string | null;
  isLeftover: boolean;
}

/** The folders of one run, as counts of images. */
export interface Run { run: string | null; query: number; gallery: number; galleryAll: number }

/** Bytes of a file. */
export interface Span { start: number; end: number }
export interface WeightPart extends Span { name: string; dtype: string }

export interface Assumption { field: string; value: string; choices: string[]; reason: string }
export interface PlanInfo { layout: string; preprocessor: string; assumptions: Assumption[] }

export interface EncoderInfo {
  parameters: number;
  features: number;
  bytes: number;
  largestActivation: number;
  precision: string;
  architecture: string;
  imageSize: [number, number];
  trainedSize: [number, number];
  needsCamera: boolean;
}
