// @ts-check
/** Which hub, chosen by a link, the person has allowed; asked once, remembered until the tab is closed. */

const KEY = 'reid-web hub';
/** For browsers in which nothing can be stored. */
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
    // A browser that stores nothing asks again on the next visit.
  }
}
