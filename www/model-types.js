// @ts-check
/**
 * The shapes of models and devices. Nothing here runs.
 *
 * @typedef {object} ModelInfo
 * @property {string} name          folder or file name
 * @property {number} bytes         of the image tower as stored in the encoder
 * @property {string} precision     "F32", "F16 weights, F32 arithmetic", "8-bit weights, 16-bit activations"
 * @property {number} parameters
 * @property {[number, number]} imageSize     height and width of the input, in pixels
 * @property {[number, number]} trainedSize   those that the weights were trained with
 * @property {boolean} needsCamera  it adds an embedding of each image's camera
 * @property {string} architecture  in words
 * @property {number} features      dimensions of an embedding
 * @property {string} layout        of the file: "transformers" | "openai"
 * @property {Assumption[]} assumptions
 * @property {string} preprocessing in words: "shortest side to 224 (bicubic), centre crop 224"
 * @property {string} licence       a note: what the files say, or that they say nothing
 * @property {boolean} isBundled     it came with the page and knows drawn hands only
 * @property {string | null} [sha256]   of the weight file, where it was requested
 *
 * What a worker says of a model that it has loaded. Names and words come from the page.
 * @typedef {Omit<ModelInfo, 'name' | 'preprocessing' | 'licence' | 'isBundled'> & {preprocessor: string,
 *   largestActivation: number}} LoadedInfo   preprocessor: as JSON; largestActivation: bytes for one image
 *
 * @typedef {object} DeviceInfo
 * @property {'cpu' | 'webgpu'} kind
 * @property {string} name          "CPU" or the adapter's name
 * @property {number} workers       encoder workers
 * @property {number | null} imagesPerSecond   measured with all workers at work; null where it was not
 * @property {number | null} milliseconds      that one worker takes for an image while the others rest; null until measured
 * @property {string} reason        why this device: one sentence
 *
 * What an encoder is made of.
 * @typedef {object} Model
 * @property {Blob} weights
 * @property {Part[]} [parts]         of `weights`, one after another, if they are several files
 * @property {string | null} config   text of config.json or open_clip_config.json
 * @property {string | null} [configName]   of the file with that text
 * @property {string | null} [pixelsName]   of the file that says what to do with the pixels, if there is one
 * @property {Record<string, string | number> | null} choices   corrections of assumptions, by field
 *
 * A file that is a part of the weights.
 * @typedef {{name: string, size: number}} Part
 *
 * Something about a model that was concluded, not read.
 * @typedef {object} Assumption
 * @property {string} field
 * @property {string} value
 * @property {string[]} choices
 * @property {string} reason          one sentence
 * @property {string} [finding]       what was found of it since the model was loaded, in a sentence
 *
 * The files of one model, as models/local.js finds them.
 * @typedef {object} ModelFiles
 * @property {File} weights
 * @property {Part[]} [parts]       of `weights`, if they are several files
 * @property {File | null} config
 * @property {File | null} preprocessor
 * @property {Model['choices']} choices
 * @property {string} name
 * @property {boolean} isBundled    they came with the page
 * @property {string} [licence]     if it is known from elsewhere than the files
 *
 * @typedef {object} ModelState
 * @property {'missing' | 'loading' | 'ready' | 'failed'} status
 * @property {ModelInfo | null} info     the model in use, also while another one loads or after it failed
 * @property {string} name               of the model that loads or failed
 * @property {{stage: 'comparing' | 'reading' | 'checking', done: number, total: number} | null} progress   bytes
 * @property {string} reason             why it failed
 * @property {string | null} storedId    of the model in use, if it is kept in the browser
 *
 * @typedef {object} PreprocessorSettings
 * @property {string} json   text of preprocessor_config.json or open_clip_config.json
 * @property {[number, number]} trainedSize   height and width that it is for, in pixels
 * @property {[number, number]} imageSize     those that the encoder takes
 */
export {};
