// Making elements. Text only ever arrives as text: nothing here, or anywhere in the page, reads markup from a string.
const SVG = "http://www.w3.org/2000/svg";
const find = (id) => document.getElementById(id);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Replaces what is inside an element.
function put(element, ...children) {
  element.replaceChildren();
  return fill(element, {}, children);
}

const make = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function table(caption, heads, rows, numeric = []) {
  const kind = (i) => (numeric.includes(i) ? "n" : null);
  return make("table", {}, caption && make("caption", {}, caption),
    make("thead", {}, make("tr", {}, heads.map((head, i) => make("th", { scope: "col", class: kind(i) }, head)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell, i) =>
      i === 0 ? make("th", { scope: "row", class: kind(i) }, cell) : make("td", { class: kind(i) }, cell))))));
}
