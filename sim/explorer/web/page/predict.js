// Predict, then run: a share at the end, picked, or a whole curve, drawn. It is kept until the setup is another one;
// after the run it still stands there, closed, so that the button below it keeps its place.
const GUESSES = [0.05, 0.25, 0.5, 0.75, 0.95];
const CURVE_POINTS = 11;
const WATCHED = { ally_share: "ally", mean_trust: "trust", expressed_support: "support" };

function watched() {
  return app.setup.scene === SANDBOX ? "ally_share" : SCENES[app.setup.scene].watch;
}

function show_predict() {
  const form = find("predict");
  const is_late = app.run?.setup === app.setup, picked = app.guess.share;
  if (app.level > 0 && !is_late) app.asked = app.setup;
  form.hidden = app.asked !== app.setup;
  if (form.hidden) return;
  const options = GUESSES.map((share) => make("label", {},
    make("input", { type: "radio", name: "guess", value: share, checked: picked === share && !app.guess.curve, onchange: () => guess(share) }),
    make("span", {}, percent(share)), make("small", {}, t(`predict.${Math.round(share * 100)}`))));
  put(form,
    make("fieldset", { disabled: is_late }, make("legend", {}, t("predict.question", { what: t(`watch.${WATCHED[watched()]}`) })),
      make("div", { class: "choices" }, options)),
    make("details", { open: Boolean(app.guess.curve) || form.querySelector("details")?.open }, make("summary", {}, t("predict.draw")), drawing_board(is_late)),
    make("p", { class: "quiet", id: "guess-told", role: "status" }, told_of_guess()));
  form.onsubmit = (event) => event.preventDefault();
}

function told_of_guess() {
  if (app.guess.curve) return t("predict.drawn", { share: percent(app.guess.curve[CURVE_POINTS - 1]) });
  if (app.guess.share === null) return t(app.run?.setup === app.setup ? "predict.late" : "predict.none");
  return t("predict.kept", { share: percent(app.guess.share) });
}

function guess(share) {
  app.guess = { share, curve: null };
  find("guess-told").textContent = told_of_guess();
  find("predict").querySelector(".guess")?.remove();
  keep_link();
}

function drawing_board(is_late) {
  const svg = draw("svg", { class: is_late ? "chart" : "chart drawing", role: "img", id: "board" });
  frame_of(svg, app.setup.steps, t("predict.board"), NARROW);
  if (app.guess.curve) draw_guess(svg, app.guess.curve, null, app.setup.steps);
  if (is_late) return svg;
  const put = (event) => {
    const [x, share] = place_on_chart(svg, event), k = Math.round(x * (CURVE_POINTS - 1));
    const curve = app.guess.curve || new Array(CURVE_POINTS).fill(share);
    curve[k] = Math.round(share * 100) / 100;
    for (let j = k + 1; j < CURVE_POINTS; j++) curve[j] = curve[k];
    app.guess = { share: curve[CURVE_POINTS - 1], curve };
    svg.querySelector(".guess")?.remove();
    svg.querySelector("text[font-weight]")?.remove();
    draw_guess(svg, curve, null, app.setup.steps);
    find("guess-told").textContent = told_of_guess();
    for (const input of find("predict").querySelectorAll("input")) input.checked = false;
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    put(event);
  });
  svg.addEventListener("pointermove", (event) => event.buttons && put(event));
  svg.addEventListener("pointerup", keep_link);
  return svg;
}
