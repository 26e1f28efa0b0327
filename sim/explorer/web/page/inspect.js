// Why did they do that? One person, one step: what was seen, what each option weighed, and how luck fell.
let answered = null;

function show_why() {
  const section = find("why"), { run, person, step } = app;
  section.hidden = person === null || !run;
  mark_person(section.hidden ? null : person);
  if (section.hidden) return;
  if (answered?.run !== run || answered.person !== person || answered.language !== language) open_answer(section);
  const why = step > 0 ? explain(run, person, step - 1) : null;
  show_ways(step);
  find("why-story").textContent = why ? story_of(why) : t("why.start");
  put(find("why-told"), ...(why ? told_of(why) : []));
}

// What stays while a run plays: a button made anew under a finger would lose the click, and the keyboard.
function open_answer(section) {
  const { run, person } = app, is_in_b = run.settings.network.is_marginalized[person];
  answered = { run, person, language };
  put(section, make("h3", {}, t("why.title", { n: person + 1 }), " ", make("span", { class: "pill" }, t(is_in_b ? "group.b" : "group.a"))),
    make("div", { class: "row ways" }, make("button", { id: "last-choice", onclick: go_to_last_choice }), make("span", { id: "no-choice", class: "quiet" }, t("why.never")),
      make("button", { id: "close-why", class: "plain", onclick: () => select_person(null) }, t("close")), is_in_b ? [] : ["ally", "bystand"].map(what_if)),
    make("p", { id: "why-story", class: "big" }), make("div", { id: "why-told" }));
}

// What if this one person had acted otherwise? A branch from here with the same luck for everybody.
const what_if = (act) => make("button", { id: `force-${act}`, "data-act": act, onclick: () => branch_with_person(app.person, act) }, t(`why.force.${act}`));

// Most people think again in few steps: a button to the last one in which this person did. There it can do nothing, and
// keeps its place, so that no other button comes under the pointer.
function show_ways(step) {
  const last = last_choice(step), button = find("last-choice");
  button.textContent = t("why.last", { step: last });
  button.disabled = last === step;
  button.hidden = last === 0;
  find("no-choice").hidden = last > 0;
  const hidden = !can_ask_what_if(app.person);
  for (const button of document.querySelectorAll("#why [data-act]")) Object.assign(button, { hidden, disabled: app.working });
}

function last_choice(step) {
  while (step > 0 && !explain(app.run, app.person, step - 1).reconsidered) step -= 1;
  return step;
}

function go_to_last_choice() {
  stand_at(last_choice(app.step));
  say(find("why-story").textContent);
}

const told_of = (why) => [
  make("p", {}, told_of_traits(why)), make("p", {}, told_of_seen(why)),
  make("p", {}, t(why.reconsidered ? "why.reconsidered" : "why.not.reconsidered", { draw: number(why.revise_draw), revise: number(why.numbers.revise) })),
  weights_of(why), note_on_rounding(why.order.map((option) => why.probabilities[option])), why.reconsidered && make("p", {}, told_of_luck(why))];

const act_word = (name) => t(`word.${name.toLowerCase()}`);

function story_of(why) {
  const values = { before: act_word(why.before), outcome: act_word(why.outcome), step: why.step + 1 };
  if (why.scripted_by.length) return t("why.scripted", { ...values, by: why.scripted_by.map(name_of_intervention).join(", ") });
  if (!why.reconsidered) return t("why.stayed", values);
  return t(why.before === why.outcome ? "why.kept" : "why.changed", values);
}

function told_of_traits(why) {
  const { sympathy, loyalty, stigma, trust } = why.traits;
  if (why.is_marginalized) return t("why.traits.b", { trust: percent(trust) });
  const inside = t("why.traits.a", { sympathy: number(sympathy), loyalty: percent(loyalty), stigma: percent(stigma) });
  if (!why.crosses) return inside;
  return `${inside} ${t("why.crosses", { release: percent(why.numbers.crossing_release), stigma: percent(why.numbers.crossing_stigma) })}`;
}

function told_of_seen(why) {
  const { seen } = why, silent = seen.n_advantaged - seen.allies - seen.tokens - seen.opposers;
  return t("why.seen", { n: seen.n_advantaged, allies: seen.allies, tokens: seen.tokens, silent, opposers: seen.opposers,
    betrayals: seen.betrayals, m: seen.n_marginalized, balance: plain(seen.responses - seen.n_marginalized) });
}

// Every term of every option as a bar, with what it is called, its number and the theory behind it.
function weights_of(why) {
  const most = Math.max(0.5, ...why.terms.map((term) => Math.abs(term.value)));
  const options = why.order.slice().sort((a, b) => why.utilities[b] - why.utilities[a]);
  return make("div", { role: "group", "aria-label": t("why.weights") }, options.map((option) => {
    const terms = why.terms.filter((term) => term.option === option && Math.abs(term.value) >= 0.005).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const rows = terms.map((term) => [has_words(`term.${term.term}`) ? t(`term.${term.term}`) : term.term, number(term.value), bar_of(term.value / most), theory_of(term.knob)]);
    const caption = t("why.option", { option: act_word(option), utility: number(why.utilities[option]), chance: percent(why.probabilities[option]) });
    const made = table(caption, [t("why.term"), t("why.value"), t("why.weight"), t("why.theory")], rows.length ? rows : [[t(option === "BYSTAND" ? "term.silence" : "term.nothing"), number(0), "", ""]], [1]);
    made.className = option === options[0] ? "weights" : "weights more";
    return made;
  }));
}

function bar_of(share) {
  return make("span", { class: share < 0 ? "minus" : "plus", style: `width:${Math.round(Math.abs(share) * 90)}%`, "aria-hidden": "true" });
}

// Where the idea of a knob comes from. Where its value comes from is told in the sandbox.
function theory_of(knob) {
  if (!knob) return "";
  const ideas = KNOBS[knob].source.split("; ").filter((part) => !/^(value\b|(assumed|calibrated)$)/.test(part));
  return ideas.length ? make("span", { lang: "en" }, ideas.join("; ")) : t("why.assumed");
}

function told_of_luck(why) {
  if (why.numbers.noise === 0) return t("why.no.noise");
  let low = 0;
  for (const option of why.order) {
    if (option === why.chosen) break;
    low += why.probabilities[option];
  }
  return t("why.luck", { draw: number(why.draw, 3), low: number(low, 3), high: number(low + why.probabilities[why.chosen], 3), chosen: act_word(why.chosen) });
}
