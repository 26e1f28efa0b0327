// One shape for each act, so that nothing is told by colour alone. Marginalized people stand in a ring.
const SHAPES = {
  ally: "M0-10.5L10 7.5H-10Z",
  token: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0ZM-3.6 0a3.6 3.6 0 1 1 7.2 0a3.6 3.6 0 1 1-7.2 0Z",
  bystand: "M-9-3.2H9V3.2H-9Z",
  oppose: "M-9-5.5L-5.5-9 0-3.5 5.5-9 9-5.5 3.5 0 9 5.5 5.5 9 0 3.5-5.5 9-9 5.5-3.5 0Z",
  welcome: "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z",
  gatekeep: "M-7.5-7.5H7.5V7.5H-7.5Z",
  withdraw: "M0 9L-8.5-6.5H8.5Z",
  trust: "M0-10L6 0 0 10-6 0Z",
};
const STANCE_WORDS = ["oppose", "bystand", "token", "ally"], RESPONSE_WORDS = ["gatekeep", "withdraw", "welcome"];
const SHOWN_STANCES = ["ally", "token", "bystand", "oppose"], SHOWN_RESPONSES = ["welcome", "withdraw", "gatekeep"];
const DASHES = { ally: "", token: "7 4", bystand: "2 3", oppose: "9 3 2 3", welcome: "", gatekeep: "7 4", withdraw: "2 3", trust: "9 3 2 3" };

const word_of = (network, state, i) => (network.is_marginalized[i] ? RESPONSE_WORDS : STANCE_WORDS)[state.act[i]];

function shape(word, scale = 1) {
  return draw("path", { class: `shape ${word}`, d: SHAPES[word], "fill-rule": "evenodd", transform: `scale(${scale})` });
}

function key_of_shape(word) {
  const in_ring = RESPONSE_WORDS.includes(word);
  return draw("svg", { class: "key", viewBox: "-14 -14 28 28", "aria-hidden": "true" },
    in_ring && draw("circle", { r: 12.6, fill: "#fff", stroke: "#222", "stroke-width": 1.4 }), shape(word, in_ring ? 0.75 : 1.05));
}
