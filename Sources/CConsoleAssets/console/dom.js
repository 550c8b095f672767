// Elements are made with these two and never from text, so that nothing a log says becomes markup. Text
// in them has marks for what cannot be seen, so that nothing a log says turns the words around it.

import { shown } from "./text.js";

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, setting);
    } else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(typeof child === "string" ? shown(child) : child);
  }
  return element;
}

/** An HTML element: `h("p", { class: "note", onclick: … }, "text", child)`. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG_NAMESPACE, tag), properties, children);
}

/** A button with a word on it; `hint` is its shortcut. */
export function button(text, action, properties = {}) {
  const { hint, ...rest } = properties;
  return h("button", { type: "button", onclick: action, ...rest },
    text, hint && h("kbd", { "aria-hidden": "true" }, hint));
}

let lastIdentifier = 0;

/** An id that no other element has. */
export function freshID(prefix) {
  lastIdentifier += 1;
  return `${prefix}-${lastIdentifier}`;
}

/** Calls `action` once `milliseconds` have gone by without another call. */
export function debounced(action, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), milliseconds);
  };
}
