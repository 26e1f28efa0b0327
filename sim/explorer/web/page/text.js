// Words. Every visible word of the page comes from a string table; knobs fall back to the words of the library.
const DATA = JSON.parse(find("data").textContent);
const KNOBS = Object.fromEntries(DATA.knobs.map((knob) => [knob.name, knob]));
const LIMITS = Object.fromEntries(DATA.knobs.map((knob) => [knob.name, [knob.low, knob.high]]));
let language = "en";

function t(key, values = {}) {
  const text = DATA.strings[language][key] ?? DATA.strings.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole_match, name) => (name in values ? String(values[name]) : whole_match));
}

const has_words = (key) => key in DATA.strings[language] || key in DATA.strings.en;
const number = (value, digits = 2) =>
  Number.isNaN(value) ? "–" : (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
const plain = (value) => value.toLocaleString(language, { maximumFractionDigits: 4 }).replace("-", "−");
const and_list = (parts) => new Intl.ListFormat(language, { type: "conjunction" }).format(parts);
const percent = (value) => (Number.isNaN(value) ? "–" : `${number(value * 100, 0)}\u202f%`);
const points = (value) => (Math.abs(value) < 0.005 ? "0" : `${value < 0 ? "−" : "+"}${number(Math.abs(value) * 100, 0)}`);

// What a knob means: translated where there is a translation, else as the library says it, marked as English.
function meaning_of(name) {
  const key = `knob.${name}`;
  if (key in DATA.strings[language]) return make("span", {}, DATA.strings[language][key]);
  return make("span", language === "en" ? {} : { lang: "en" }, KNOBS[name].meaning);
}

function translate_page() {
  document.documentElement.lang = language;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    element.title = t(element.dataset.tLabel);
  }
}
