// @ts-check
/** The few steps that every view takes in the markup. */

/**
 * The element of `selector` inside `root`; index.html must have it.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`No ${type.name} ${selector} in the markup`);
  return element;
}

/**
 * A copy of the first element in `<template id>`.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function clone(id) {
  const template = find(document, `template#${id}`, HTMLTemplateElement);
  return /** @type {HTMLElement} */ (find(template.content, ':first-child', HTMLElement).cloneNode(true));
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @param {string} text
 */
export function setText(root, selector, text) {
  const element = find(root, selector, Element);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Names and values of a definition list.
 * @param {Element} list
 * @param {[string, string][]} facts
 */
export function setFacts(list, facts) {
  list.replaceChildren(
    ...facts.map(([name, value]) => {
      const pair = document.createElement('div');
      pair.append(textElement('dt', name), textElement('dd', value));
      return pair;
    }),
  );
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} text
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function textElement(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

const MARKS = { match: '#icon-tick', other: '#icon-cross', absent: '#icon-absent' };

/**
 * Tick, cross, the mark of a query that has no match, or nothing in an `<svg class="icon"><use></svg>`.
 * @param {Element} root
 * @param {keyof typeof MARKS | null} mark
 */
export function setMark(root, mark) {
  const use = find(root, 'use', SVGUseElement);
  if (mark) use.setAttribute('href', MARKS[mark]);
  else use.removeAttribute('href');
}
