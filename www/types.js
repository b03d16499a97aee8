// @ts-check
/**
 * The shapes that cross module borders, in one place. Nothing here runs.
 *
 * Where an image belongs. Images of a collection are searched for among themselves: each is a query, and in the gallery
 * of all others.
 * @typedef {'query' | 'gallery' | 'collection'} SetName
 * @typedef {'query' | 'gallery'} Side   of the similarity matrix: rows or columns
 *
 * What a path says about an image. Identity and camera are strings, null where the path tells nothing.
 * @typedef {object} Label
 * @property {SetName | null} set   from a folder named query*, gallery*, probe*, …; null if no folder says
 * @property {string | null} run    "3" of query3/…, gallery3_all/…; null if the folder has no number
 * @property {boolean} distractors  the folder is a gallery*_all folder
 * @property {string | null} identity
 * @property {string | null} camera
 * @property {string} source        which rule read it, in words: "folder name", "Market-1501 file name", …
 *
 * A label of a path; `skip` says why it is no image, which then has no label. Leftovers are files that systems leave in
 * every folder, and that nobody means to drop.
 * @typedef {Label & {skip: string | null, isLeftover: boolean}} PathLabel
 *
 * What a person typed in for an image.
 * @typedef {{identity?: string | null, camera?: string | null}} TypedLabel
 *
 * One image of a set, owned by session/items.js.
 * @typedef {object} Item
 * @property {number} id            unique for the life of the page
 * @property {SetName} set
 * @property {File | null} file     null when only the embedding is there
 * @property {Origin | null} origin   of an embedding that was not made here; null for images
 * @property {string} path          as dropped, "query0/0001051/a.jpg"; the file name if there was no folder
 * @property {string | null} identity
 * @property {string | null} camera
 * @property {'waiting' | 'working' | 'done' | 'failed'} status   of the embedding
 * @property {string | null} thumbnail   object URL of a small JPEG; null until it is made
 * @property {number} width         upright pixels, 0 until decoded
 * @property {number} height
 * @property {string | null} content   SHA-256 of the file; null until it is decoded, and where the browser has none
 *
 * Where embeddings come from that were read from a file.
 * @typedef {{file: string, model: Partial<import('./model-types.js').ModelInfo> | null}}
 *   Origin   `model`: what the file says of it
 *
 * A problem that is shown in the list, with the file it belongs to.
 * @typedef {object} Problem
 * @property {string} file          path, or "" when it belongs to no file
 * @property {string} reason        one sentence: what happened, what was expected
 * @property {'error' | 'skipped'} kind
 *
 * @typedef {object} EvaluationOptions
 * @property {boolean} removeSameCamera   leave out gallery images of the query's own identity and camera
 * @property {'drop' | 'zero'} unmatched  queries without a match in the gallery: left out, or counted as 0
 *
 * Fractions are 0..1 and NaN-free; null where the metric has no query to be taken over.
 * @typedef {object} Evaluation
 * @property {number} queries       embedded queries
 * @property {number} gallery       embedded gallery images
 * @property {NotEmbedded} notEmbedded   images of the sets that are not among these
 * @property {number} labelled      queries that have an identity
 * @property {number} unmatched     labelled queries without a match in the gallery
 * @property {UnmatchedCounts} unmatchedBy   the same by the reason
 * @property {number} junkQueries   of identity "-1"
 * @property {number} junk          gallery images left out for every query (identity "-1")
 * @property {number} labelledGallery   gallery images that have an identity
 * @property {number} sameFile      pairs of a query and a gallery image of the same file, left out
 * @property {{counted: number, sameCamera: number, sameFile: number}}
 *   matches   pairs of one identity: those that count,
 *   and those left out
 * @property {number} evaluated     the n of the metrics below
 * @property {number[]} cmc         cmc[k-1] = share of queries with a match within the first k; [] when n is 0
 * @property {number[]} hits        hits[k-1] = number of those queries
 * @property {number | null} meanAveragePrecision              standard definition
 * @property {number | null} meanAveragePrecisionTrapezoidal   CLIP-HandID's definition
 * @property {QueryResult[]} perQuery   one per embedded query
 *
 * @typedef {object} QueryResult
 * @property {number} id            Item id of the query
 * @property {number | null} bestId   Item id of its first gallery image; null if none counts
 * @property {number | null} bestSimilarity   cosine, null with bestId
 * @property {boolean | null} bestIsMatch       null without identities
 * @property {number | null} firstMatchRank     from 1; null without a match or identity
 * @property {Unmatched | null} unmatched       why it has no match, though it has an identity
 * @property {number | null} averagePrecision
 * @property {number | null} averagePrecisionTrapezoidal
 * @property {number | null} margin    best match less best wrong image; null without one of both
 * @property {number} removed       gallery images left out for this query
 * @property {number[]} matchRanks  of all matches, from 1 and ascending
 *
 * Why a query has no match: its identity is not in the gallery, as far as that is known, or only as images that are
 * left out or have no embedding.
 * @typedef {'notInGallery' | 'notAmongLabelled' | 'notEmbedded' | 'sameCamera' | 'sameFile'} Unmatched
 * @typedef {Record<Unmatched, number>} UnmatchedCounts
 *
 * Images without an embedding: they wait, or could not be read.
 * @typedef {{queries: number, gallery: number}} NotEmbedded
 * @typedef {{images: number, identities: (string | null)[]}} MissingImages   of one set; identities: each once
 *
 * What files say of an image that has an embedding.
 * @typedef {{id: number, path: string, set: SetName | null, identity: string | null, camera: string | null,
 *   content?: string | null}} EmbeddedImage   content: SHA-256 of its file
 *
 * Embeddings of a file, one row an image.
 * @typedef {{images: (Omit<EmbeddedImage, 'id' | 'set'> & {set: SetName | null})[], rows: Float32Array[], dim: number,
 * rescaled: number, model: Partial<import('./model-types.js').ModelInfo> | null}} Imported   `rescaled`: those scaled
 * to length 1
 *
 * Something odd about a data set; groups of item ids that belong together.
 * @typedef {{kind: string, severity: 'wrong' | 'doubtful' | 'note', groups: number[][]}} Finding
 *
 * What is done before ranking; what is missing is not done.
 * @typedef {object} Refinements
 * @property {{components: number | null, epsilon: number} | null} [whitening]
 * @property {boolean} [averageQueries]
 * @property {boolean} [averageGallery]
 * @property {{k: number, alpha: number} | null} [queryExpansion]
 * @property {{k1: number, k2: number, lambda: number} | null} [reRanking]
 * @property {{norm: 'z' | 't' | 's', cohort: 'all' | {closest: number}} | null} [normalisation]
 *
 * @typedef {{kind: 'equalErrorRate'} | {kind: 'falsePositiveRate', rate: number} | {kind: 'cost', ratio: number,
 *   prior: number}} ThresholdTarget
 * @typedef {EvaluationOptions & Refinements & {target: ThresholdTarget, seed: number}} StudySettings
 *
 * What an interval does not say: all samples were the same, or there were few identities.
 * @typedef {{kind: 'noSpread', undetected: number} | {kind: 'fewIdentities'}} Caution   undetected: share of identities
 * @typedef {{estimate: number, low: number, high: number, queries: number, identities: number,
 *   caution: Caution | null}} Interval
 * @typedef {Record<'rank1' | 'rank5' | 'rank10' | 'meanAveragePrecision' | 'meanAveragePrecisionTrapezoidal' |
 *   'meanInverseNegativePenalty', Interval | null>} Intervals
 * @typedef {{threshold: number | null, truePositives: number, falsePositives: number, falsePositiveRate: number,
 *   falseNegativeRate: number, truePositiveRate: number}} ErrorRates
 * @typedef {{pairs: number, mean: number | null, standardDeviation: number | null, histogram: number[]}} Distribution
 *
 * Of all pairs of a query and a gallery image, both with an identity.
 * @typedef {object} Verification
 * @property {Distribution} genuine
 * @property {Distribution} impostor
 * @property {number | null} areaUnderCurve
 * @property {{rate: number, threshold: number} | null} equalErrorRate
 * @property {(ErrorRates & {target: number, tooFewImpostors: boolean})[]} truePositiveRates
 * @property {number | null} dPrime
 * @property {{falsePositiveRate: number, truePositiveRate: number, threshold: number | null}[]} curve
 *
 * @typedef {{threshold: number | null, identified: number, falseAlarms: number,
 *   detectionAndIdentificationRate: number | null, falsePositiveIdentificationRate: number | null,
 *   balancedAccuracy: number | null}} OpenSetRates
 *
 * @typedef {object} StudyResults
 * @property {StudySettings} settings
 * @property {Intervals} intervals
 * @property {{meanInverseNegativePenalty: number | null, meanRPrecision: number | null,
 *   meanNormalisedDiscountedGain: number | null, at: {rank: number, meanPrecision: number | null,
 *   meanRecall: number | null}[]}} retrieval
 * @property {Verification} verification
 * @property {{known: number, unknown: number}} openSet
 * @property {OpenSetRates | null} bestBalanced
 * @property {OpenSetRates | null} atFalseAlarms
 * @property {ErrorRates | null} threshold
 *
 * @typedef {{id: number, before: number, after: number}} Change   average precisions of a query
 * The results without refinements, and what these change: no differences if they average the queries.
 * @typedef {{plain: PlainResults, differences: Intervals | null, better: Change[], worse: Change[]}} Comparison
 * @typedef {object} PlainResults
 * @property {number} evaluated
 * @property {(number | null)[]} cmc   Rank-1, Rank-5, Rank-10
 * @property {number | null} meanAveragePrecision
 * @property {number | null} meanAveragePrecisionTrapezoidal
 * @property {StudyResults['retrieval']} retrieval
 * @property {number | null} areaUnderCurve
 * @property {number | null} equalErrorRate
 * @property {number | null} dPrime
 * @property {number[]} truePositiveRates   as those of Verification
 * @property {OpenSetRates | null} bestBalanced
 * @property {OpenSetRates | null} atFalseAlarms
 * @typedef {{study: Evaluation & StudyResults, comparison: Comparison | null}} Studied
 * @typedef {{pairs: ErrorRates | null, queries: OpenSetRates,
 *   intervals: {detectionAndIdentificationRate: Interval | null, falsePositiveIdentificationRate: Interval | null},
 *   accepted: number, rejected: number}} AtThreshold
 *
 * Protocols that make queries and gallery by themselves, and what is drawn for them.
 * @typedef {'leaveOneOut' | 'splits' | 'singleGalleryShot'} ProtocolName
 * @typedef {{galleryImages: number, runs: number, seed: number}} ProtocolDraws   `galleryImages`: of each identity
 *
 * @typedef {{runs: number, mean: number, standardDeviation: number | null}} RunSummary   no deviation of one run
 * @typedef {object} ProtocolResults
 * @property {Record<'rank1' | 'rank5' | 'rank10' | 'meanAveragePrecision' | 'meanAveragePrecisionTrapezoidal',
 *   RunSummary | null>} summary
 * @property {number} queries       of each run
 * @property {number} gallery
 * @property {NotEmbedded} notEmbedded
 * @property {number} evaluated     queries of the first run that count
 * @property {number} labelled      those that have an identity
 * @property {UnmatchedCounts} unmatchedBy   those without a match
 * @property {number} sameFile      pairs of the same file, left out
 * @property {number} repeated      images whose file is in the pool already, left out
 * @property {{identities: number, smallIdentities: number, distractors: number, unlabelled: number} | null}
 *   drawn   what splits
 *   were drawn from; small identities have no queries, their images are the distractors
 *
 * @typedef {{draws: ProtocolDraws} & Partial<Record<ProtocolName, ProtocolResults>>} FoundProtocols
 *
 * @typedef {object} RankEntry
 * @property {number} id            Item id of the gallery image
 * @property {number} rank          from 1
 * @property {number} similarity    cosine, -1..1
 * @property {boolean | null} isMatch   null when query or gallery image has no identity
 *
 * @typedef {object} SimilarityMatrix
 * @property {number[]} rows        Item ids of the queries
 * @property {number[]} columns     Item ids of the gallery images
 * @property {Float32Array} values  row-major [rows.length × columns.length]
 *
 * A dropped or picked file with its path inside what was dropped.
 * @typedef {{file: File, path: string, isOwnThumbnail?: boolean}}
 *   DroppedFile   `isOwnThumbnail`: known to be small and whole
 *
 * One query*N*, gallery*N* pair of a dropped data set.
 * @typedef {object} RunPair
 * @property {string | null} run
 * @property {number} query         images
 * @property {number} gallery       images in gallery*N*
 * @property {number} galleryAll    images in gallery*N*_all, the one with distractors
 *
 * Where a drop landed: on one set, or anywhere else, where folder names decide.
 * @typedef {SetName | 'dataset'} Zone
 *
 * What a drop leaves open: which of these sets, where no folder says so, or instead of the one that was taken; which
 * run, where there are several; whether what is here may make room for it.
 * @typedef {{kind: 'set', sets: SetName[], isCorrection?: boolean}
 *   | {kind: 'replace'}
 *   | {kind: 'run', runs: RunPair[], run: number, distractors: boolean}} Choice
 *
 * @typedef {object} Progress
 * @property {'idle' | 'reading' | 'embedding' | 'stalled' | 'paused'} phase   reading = thumbnails only,
 *   no model yet; stalled
 *   = no worker can be started, for the reason in `trouble`
 * @property {number} done
 * @property {number} total
 * @property {number} imagesPerSecond   over the last seconds, 0 until known
 * @property {number | null} secondsLeft
 * @property {string} trouble
 */
export {};
