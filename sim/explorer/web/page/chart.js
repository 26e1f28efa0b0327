// Lines over steps, and bands over runs. Each line has its own dash, its shape and its word, never only a colour.
const BOX = { width: 560, height: 250, left: 50, right: 120, top: 22, bottom: 30 };
// Words keep their size where there is less room, and the lines get shorter.
const WIDE = [560, 250], NARROW = [380, 250], BESIDE = [345, 195];
const CHART_A = { ally: "ally_share", token: "token_share", bystand: "bystand_share", oppose: "oppose_share" };
const CHART_B = { welcome: "welcome_share", gatekeep: "gatekeep_share", withdraw: "withdraw_share", trust: "mean_trust" };

const x_at = (step, steps) => BOX.left + (step / Math.max(1, steps)) * (BOX.width - BOX.left - BOX.right);
const y_at = (share) => BOX.height - BOX.bottom - share * (BOX.height - BOX.top - BOX.bottom);

function path_of(values, steps) {
  let d = "", pen = "M";
  values.forEach((value, i) => {
    if (Number.isNaN(value)) pen = "M";
    else [d, pen] = [`${d}${pen}${x_at(i, steps).toFixed(1)} ${y_at(value).toFixed(1)}`, "L"];
  });
  return d;
}

// Takes up the measures of a chart: all that is drawn next is drawn in it.
function measure_by(svg) {
  const { width, height } = svg.viewBox.baseVal;
  Object.assign(BOX, { width, height });
}

function frame_of(svg, steps, label, size = is_narrow() ? NARROW : WIDE) {
  svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
  measure_by(svg);
  svg.setAttribute("aria-label", label);
  put(svg);
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(draw("line", { class: share ? "grid" : "axis", x1: BOX.left, x2: BOX.width - BOX.right, y1: y_at(share), y2: y_at(share) }));
    if (share * 2 === Math.round(share * 2)) svg.append(draw("text", { class: "tick", x: BOX.left - 6, y: y_at(share) + 4, "text-anchor": "end" }, percent(share)));
  }
  for (const part of [0, 0.5, 1]) {
    const step = Math.round(part * steps);
    svg.append(draw("text", { class: "tick", x: x_at(step, steps), y: BOX.height - 10, "text-anchor": "middle" }, part ? String(step) : t("chart.step", { step })));
  }
}

// Places for the words at the ends of lines, so that none covers another.
function spread_out(wanted, gap = 17) {
  const order = wanted.map((y, i) => [y, i]).sort((a, b) => a[0] - b[0]);
  const low = y_at(1), high = y_at(0);
  order.forEach((one, k) => (one[0] = Math.max(k ? order[k - 1][0] + gap : low, one[0])));
  for (let k = order.length - 1, most = high; k >= 0; k--, most = order[k + 1][0] - gap) order[k][0] = Math.min(order[k][0], most);
  const places = [];
  for (const [y, i] of order) places[i] = y;
  return places;
}

// One run; `ghost` is a run to compare with; `cut` the step at which it was branched.
function line_chart(svg, names, history, { step, ghost, cut, label, size, marks = [], shown = Infinity }) {
  const words = Object.keys(names), steps = history[names[words[0]]].length - 1;
  frame_of(svg, steps, label, size);
  if (ghost) for (const word of words) svg.append(draw("path", { class: "ghost", stroke: `var(--${word})`, d: path_of(ghost[names[word]], steps), "stroke-dasharray": DASHES[word] }));
  for (const [begin, name] of marks) {
    svg.append(draw("line", { class: "axis", x1: x_at(begin, steps), x2: x_at(begin, steps), y1: y_at(1), y2: y_at(0), "stroke-dasharray": "1 3" }),
      draw("text", { class: "tick", x: x_at(begin, steps) + 4, y: y_at(1) - 8 }, name));
  }
  if (cut) svg.append(draw("line", { class: "axis", x1: x_at(cut, steps), x2: x_at(cut, steps), y1: y_at(1), y2: y_at(0) }));
  for (const word of words) svg.append(draw("path", { class: "line", stroke: `var(--${word})`, d: path_of(history[names[word]].slice(0, shown + 1), steps), "stroke-dasharray": DASHES[word] }));
  ends_of_lines(svg, words, words.map((word) => history[names[word]][Math.min(steps, shown)]));
  svg.append(draw("line", { class: "cursor", x1: x_at(step, steps), x2: x_at(step, steps), y1: y_at(1), y2: y_at(0) }));
}

function ends_of_lines(svg, words, shares, names = words.map((word) => t(`word.${word}`))) {
  const places = spread_out(shares.map((share) => y_at(Number.isNaN(share) ? 0 : share)));
  words.forEach((word, k) => svg.append(draw("g", { transform: `translate(${BOX.width - BOX.right + 14} ${places[k]})` }, shape(word, 0.6)),
    draw("text", { class: "end", x: BOX.width - BOX.right + 25, y: places[k] + 4 }, names[k])));
}

// Many runs of one measure: each as a thin line, the first of them thick, the band behind; and what was predicted.
function runs_chart(svg, courses, word, name, { guess, curve, label }) {
  const steps = courses[0].length - 1, { low, high } = band_of(courses);
  frame_of(svg, steps, label);
  const back = high.map((value, i) => [value, i]).reverse().map(([value, i]) => `L${x_at(i, steps).toFixed(1)} ${y_at(value).toFixed(1)}`);
  svg.append(draw("path", { class: `band ${word}`, d: `${path_of(low, steps)}${back.join("")}Z` }));
  courses.forEach((course, k) => svg.append(draw("path", { class: k ? "thin" : "line", stroke: `var(--${word})`, d: path_of(course, steps) })));
  if (curve || guess !== null) draw_guess(svg, curve, guess, steps);
  ends_of_lines(svg, [word], [courses[0][steps]], [name]);
}

function draw_guess(svg, curve, guess, steps) {
  measure_by(svg);
  const at = curve ? curve.map((share, k) => [(k / (curve.length - 1)) * steps, share]) : [[0, guess], [steps, guess]];
  const d = at.map(([step, share], k) => `${k ? "L" : "M"}${x_at(step, steps).toFixed(1)} ${y_at(share).toFixed(1)}`).join("");
  svg.append(draw("path", { class: "guess", d }));
  const [step, share] = at[at.length - 1];
  svg.append(draw("text", { class: "end", x: x_at(step, steps) - 4, y: Math.max(22, y_at(share) - 7), "text-anchor": "end", "font-weight": 600 }, t("predict.yours")));
}

// Where on a chart a pointer is: step share and height, both 0 to 1.
function place_on_chart(svg, event) {
  measure_by(svg);
  const box = svg.getBoundingClientRect(), scale = BOX.width / box.width;
  const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
  const inside = (value) => Math.min(1, Math.max(0, value));
  return [inside((x - BOX.left) / (BOX.width - BOX.left - BOX.right)), inside((BOX.height - BOX.bottom - y) / (BOX.height - BOX.top - BOX.bottom))];
}
