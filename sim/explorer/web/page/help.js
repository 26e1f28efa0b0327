// How to read the page, and what the model cannot tell.
function show_help() {
  const dialog = find("help"), close = make("button", { onclick: () => dialog.close(), class: "main" }, t("close"));
  const shapes_told = (words, title) => [make("h4", {}, title), make("dl", {}, words.map((word) =>
    make("div", {}, make("dt", {}, key_of_shape(word), " ", make("strong", {}, t(`word.${word}`))), make("dd", {}, t(`about.${word}`)))))];
  put(dialog, make("h3", { id: "help-title", tabindex: "-1" }, t("help.title")), make("p", {}, t("help.what")),
    shapes_told(SHOWN_STANCES, t("group.a")), shapes_told(SHOWN_RESPONSES, t("group.b")),
    make("h4", {}, t("help.step")), make("p", {}, t("help.step.told")),
    make("h4", {}, t("help.keys")), make("p", {}, t("help.keys.told")),
    make("h4", {}, t("help.limits")), make("p", {}, t("limits")), make("p", {}, t("help.same")), close);
  dialog.showModal();
  find("help-title").focus(); // A dialog goes to its first button, which is at the end.
  dialog.scrollTop = 0;
}
