// Taking results along: data, figure, citation, link. Each says what the model cannot tell.
const CITATION = `The allyship-sim contributors (2026). allyship-sim: an agent-based model of allyship under in-group loyalty, stigma transfer and trust (version ${DATA.version}). MIT license.`;

function show_export() {
  const section = find("export");
  section.hidden = app.level < 2 || !app.run;
  if (section.hidden) return;
  const told = make("p", { class: "quiet", role: "status", id: "export-told" });
  const link = make("input", { type: "text", readonly: true, id: "link", value: whole_link(), onfocus: (event) => event.target.select() });
  put(section, make("h3", {}, t("export.title")), make("div", { class: "row" },
    make("button", { id: "save-course", onclick: () => save("allyship-course.csv", course_csv(), "text/csv", told) }, t("export.course")),
    make("button", { id: "save-people", onclick: () => save("allyship-people.csv", people_csv(), "text/csv", told) }, t("export.people")),
    app.tried.size > 0 && make("button", { id: "save-many", onclick: () => save("allyship-thirty-runs.csv", many_csv(), "text/csv", told) }, t("export.many")),
    make("button", { id: "save-svg", onclick: () => save("allyship-figure.svg", figure_text(), "image/svg+xml", told) }, t("export.svg")),
    make("button", { id: "save-png", onclick: () => save_png(told) }, t("export.png")),
    make("button", { id: "save-citation", onclick: () => save("allyship-citation.txt", citation_text(), "text/plain", told) }, t("export.citation"))),
    make("label", { for: "link" }, t("export.link")), link,
    make("button", { id: "copy-link", onclick: () => copy(link, told) }, t("export.copy")), told,
    make("p", { class: "caveat" }, t("limits")), make("p", { class: "quiet" }, CITATION));
}

function copy(link, told) {
  link.select();
  Promise.resolve(navigator.clipboard?.writeText(link.value)).then(() => (told.textContent = t("export.copied")), () => (told.textContent = t("export.select")));
}

function save(name, content, type, told) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: `${type};charset=utf-8` }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  told.textContent = t("export.saved", { name });
}

const PROGRAM = `allyship-sim ${DATA.version}, model ${DATA.digest}`;

function conditions_of(setup) {
  const changed = changed_knobs(setup.parameters);
  return [`${t("set.network")}: ${t(`network.${setup.network}`, { n: NETWORKS[setup.network].n_people })}`,
    `${t("set.start")}: ${setup.start}; ${t("set.steps")}: ${setup.steps}; ${t("set.schedule")}: ${setup.schedule}; ${t("set.seed")}: ${setup.seed}; ${t("set.people")}: ${setup.start_seed}`,
    `${t("export.changed")}: ${changed.map((name) => `${name}=${setup.parameters[name]}`).join(", ") || "–"}`,
    `${t("done.title")}: ${setup.interventions.map(link_of_intervention).join(", ") || "–"}`, ...told_of_late(setup)];
}

function conditions() {
  const { setup, branched } = app.run;
  return [PROGRAM, ...conditions_of(setup), ...(branched ? [t("export.branched", { step: branched })] : [])];
}

function citation_text() {
  return [CITATION, "", ...of_this_run(), "", t("limits"), ""].join("\n");
}

const of_this_run = () => [...conditions(), `${t("export.link")}: ${link_of_run(app.run)}`];

function csv_of(heads, rows, told = of_this_run()) {
  const notes = [CITATION, ...told, t("limits")].map((line) => `# ${line.replace(/\s+/g, " ")}`);
  return [...notes, heads.join(","), ...rows.map((row) => row.map((cell) => (Number.isNaN(cell) ? "" : String(cell))).join(","))].join("\r\n") + "\r\n";
}

function course_csv() {
  return csv_of(["step", ...MEASURES], app.run.states.map((_, step) => [step, ...MEASURES.map((name) => app.run.history[name][step])]));
}

function people_csv() {
  const { run, step } = app, { network } = run.settings, state = run.states[step];
  const rows = network.is_marginalized.map((is_marginalized, i) => [step, i, is_marginalized ? "marginalized" : "advantaged", word_of(network, state, i),
    ...TRAITS.map((name) => ((name === "trust") === (is_marginalized === 1) ? state[name][i] : "")), network.neighbours[i].length]);
  return csv_of(["step", "person", "group", "act", ...TRAITS, "ties"], rows, [...of_this_run(), t("export.counted")]);
}

// One row for each of the thirty runs at each place that was tried: how it ended, averaged over the last tenth of the steps.
function many_csv() {
  const tried = [...app.tried.values()], place = ({ scene, value }) => (scene === SANDBOX ? "" : value);
  const told = tried.flatMap(({ setup }) => conditions_of(setup).map((line) => (setup.scene === SANDBOX ? line : `${t(`scene.${setup.scene}.control`)} ${place_of(setup)}. ${line}`)));
  const rows = tried.flatMap(({ setup, runs }) => runs.map((run) => [place(setup), run.settings.seed, regime_of(run.history), ...OUTLINED.map((name) => at_the_end(run.history[name]))]));
  return csv_of(["place", "seed", "regime", ...OUTLINED], rows, [PROGRAM, t("export.many.told"), ...told]);
}

// The figure: network, both charts, what was run, and the limits, as one picture that stands by itself.
function figure_svg() {
  const inner = (id, x, y, width, height) => {
    const copy_of = find(id).cloneNode(true);
    for (const [name, value] of Object.entries({ x, y, width, height })) copy_of.setAttribute(name, value);
    return copy_of;
  };
  const line = (text, y, size = 15, weight = 400) => draw("text", { x: 30, y, "font-size": size, "font-weight": weight, fill: "#222" }, text);
  const notes = [...wrapped(conditions().join(". "), 175), ...wrapped(t("limits"), 175), ...wrapped(CITATION, 175)];
  const title = (id, y) => draw("text", { x: 665, y, "font-size": 14, "font-weight": 600, fill: "#222" }, find(id).textContent);
  const figure = draw("svg", { xmlns: SVG, viewBox: `0 0 1200 ${720 + notes.length * 19}`, width: 1200, height: 720 + notes.length * 19, "font-family": "Helvetica, Arial, sans-serif" },
    draw("rect", { width: "100%", height: "100%", fill: "#fff" }), line(find("question").textContent, 42, 24, 600),
    line(`${t("chart.step", { step: app.step })}. ${t(`regime.${regime_of(app.run.history)}`)}`, 70, 16),
    inner("network", 20, 85, 630, 441), ...figure_legend(), title("chart-a-title", 100), inner("chart-a", 655, 105, 530, 237),
    title("chart-b-title", 368), inner("chart-b", 655, 373, 530, 237), ...notes.map((text, k) => line(text, 690 + k * 19, 13)));
  with_styles(figure);
  return figure;
}

function figure_legend() {
  const counts = [...find("legend").querySelectorAll("li")];
  return counts.map((item, k) => draw("g", { transform: `translate(${44 + (k % 4) * 150} ${575 + Math.floor(k / 4) * 36})` },
    draw("g", { transform: "translate(0 -5)" }, [...item.querySelector("svg").cloneNode(true).childNodes]), draw("text", { x: 20, y: 0, "font-size": 15, fill: "#222" }, item.textContent.replace(/(\d+)$/, " $1"))));
}

const wrapped = (text, most) => text.match(new RegExp(`.{1,${most}}(\\s|$)`, "g")) || [text];

// Colours and widths are in the style sheet, which a picture does not have: they are written into it.
function with_styles(figure) {
  const wanted = ["fill", "stroke", "stroke-width", "stroke-opacity", "opacity", "font-size", "font-weight", "stroke-dasharray", "paint-order"];
  document.body.append(figure);
  for (const element of figure.querySelectorAll("[class]")) {
    const style = getComputedStyle(element);
    for (const name of wanted) if (style[name] && !element.getAttribute(name)) element.setAttribute(name, style[name]);
    if (element.getAttribute("stroke")?.startsWith("var")) element.setAttribute("stroke", style.stroke);
  }
  for (const element of figure.querySelectorAll("[tabindex],[role]")) for (const name of ["tabindex", "role", "id"]) element.removeAttribute(name);
  for (const element of figure.querySelectorAll(".cursor, .focus, .hit, .other")) element.remove();
  figure.remove();
}

const figure_text = () => new XMLSerializer().serializeToString(figure_svg());

function save_png(told) {
  const figure = figure_svg(), picture = new Image(), [width, height] = ["width", "height"].map((name) => Number(figure.getAttribute(name)));
  picture.onload = () => {
    const canvas = make("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(picture, 0, 0, 2 * width, 2 * height);
    canvas.toBlob((blob) => save("allyship-figure.png", blob, "image/png", told));
  };
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(figure))}`;
}
