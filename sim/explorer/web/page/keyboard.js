// The keyboard keeps its place: what held it may be made anew, hidden, or locked while the page works.
const HEIRS = { unfold: "sandbox", "open-sandbox": "sandbox", branch: "result", "force-ally": "why", "force-bystand": "why", "last-choice": "why" };
let holder = null;
addEventListener("focusin", (event) => (holder = event.target));
addEventListener("pointerdown", (event) => (holder = event.target.closest("button, input, select, summary, a, [tabindex]"))); // a click beside everything gives the keyboard away

const can_hold = (element) => Boolean(element?.isConnected && element !== document.body && element.checkVisibility() && !element.matches(":disabled"));

// Hands it on to whatever now bears the same name, or else to what came instead; if there is neither, it waits.
function keep_keyboard() {
  if (!holder?.id || can_hold(document.activeElement)) return;
  const heir = [find(holder.id), find(HEIRS[holder.id])].find(can_hold);
  heir?.focus({ preventScroll: true });
}
