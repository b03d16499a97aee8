// @ts-check
/**
 * What a model's own files say about its licence, which is usually nothing.
 *
 * @param {string | null} config  text of config.json, if there is one
 */
export function licenceNote(config) {
  const { license, _name_or_path: source } = JSON.parse(config ?? '{}');
  if (license) return `The model’s config.json says: ${license}.`;
  const page = source ? ` (${source})` : '';
  return `See the model’s page${page}; its files do not state one.`;
}
