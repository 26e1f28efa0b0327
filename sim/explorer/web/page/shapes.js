// One shape for each act, so that nothing is told by colour alone. Marginalized people stand in a ring.
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
