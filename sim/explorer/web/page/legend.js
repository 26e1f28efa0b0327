// What the shapes mean and how many people show each: the network in words, for both groups.
function show_legend(network, state, crosses = []) {
  const count = (words, wanted) => {
    const counts = Object.fromEntries(words.map((word) => [word, 0]));
    for (let i = 0; i < network.n_people; i++) if (network.is_marginalized[i] === wanted) counts[word_of(network, state, i)] += 1;
    return counts;
  };
  const column = (title, shown, counts) =>
    make("div", {}, make("p", { class: "group" }, title), make("ul", {}, shown.map((word) =>
      make("li", {}, key_of_shape(word), make("span", {}, t(`word.${word}`)), make("b", {}, String(counts[word]))))));
  put(find("legend"), 
    column(t("group.a.counted", { n: network.n_advantaged }), SHOWN_STANCES, count(STANCE_WORDS, 0)),
    column(t("group.b.counted", { n: network.n_marginalized }), SHOWN_RESPONSES, count(RESPONSE_WORDS, 1)),
    crosses.includes(true) && make("p", { class: "group" }, t("legend.crosses", { n: crosses.filter(Boolean).length })));
}
