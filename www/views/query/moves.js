// @ts-check
/** Elements that move to their new place instead of jumping; not with prefers-reduced-motion. */

const DURATION_MS = 220;

/**
 * @param {Map<number, HTMLElement>} elements
 * @returns {Map<number, DOMRect>}
 */
export function positions(elements) {
  return new Map([...elements].map(([id, element]) => [id, element.getBoundingClientRect()]));
}

/**
 * @param {Map<number, DOMRect>} before   from `positions`
 * @param {Map<number, HTMLElement>} elements
 */
export function moveFrom(before, elements) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const after = positions(elements);
  for (const [id, element] of elements) {
    const from = before.get(id);
    const to = after.get(id);
    if (!from || !to || (from.left === to.left && from.top === to.top)) continue;
    const start = `translate(${from.left - to.left}px, ${from.top - to.top}px)`;
    element.animate([{ transform: start }, { transform: 'none' }], { duration: DURATION_MS, easing: 'ease-out' });
  }
}
