// @ts-check
/** Which hub a person has allowed that a link chose; asked once, remembered until the tab is closed. */

const KEY = 'reid-web hub';
/** Where nothing can be kept. */
let latest = '';

/** @param {string} address */
export function isAllowed(address) {
  try {
    return (sessionStorage.getItem(KEY) ?? latest) === address;
  } catch {
    return latest === address;
  }
}

/** @param {string} address */
export function allow(address) {
  latest = address;
  try {
    sessionStorage.setItem(KEY, address);
  } catch {
    // A browser that keeps nothing asks again on the next visit.
  }
}
