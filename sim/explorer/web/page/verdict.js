// What thirty runs say of a prediction: how many ended near it; and, where they end in heaps far apart, in which.
const NEAR = 0.1 + 1e-9; // ten points
const GAP = 0.2 - 1e-9, FEW = 3; // heaps lie at least twenty points apart, and fewer than three runs are none

const count_near = (ends, share) => ends.filter((end) => Math.abs(end - share) <= NEAR).length;

// The ends in heaps, all ascending; runs that ended alone are in none.
function heaps_of(ends) {
  const heaps = [];
  for (const end of ends.slice().sort((a, b) => a - b)) {
    if (heaps.length && end - heaps.at(-1).at(-1) < GAP) heaps.at(-1).push(end);
    else heaps.push([end]);
  }
  return heaps.filter((heap) => heap.length >= FEW);
}

// Each heap in words, and how many runs are in none; nothing where there is one heap at most.
function parts_of_heaps(ends, key) {
  const heaps = heaps_of(ends), rest = ends.length - heaps.flat().length;
  if (heaps.length < 2) return [];
  const parts = heaps.map((heap) => t(key, { n: heap.length, low: percent(heap[0]), high: percent(heap.at(-1)) }));
  return rest ? [...parts, t("many.rest", { n: rest })] : parts;
}

function told_of_heaps(ends) {
  const parts = parts_of_heaps(ends, "many.heap");
  return parts.length ? t("many.heaps", { ways: heaps_of(ends).length, heaps: and_list(parts) }) : "";
}

function verdict_on_guess(ends, band) {
  const { share } = app.guess;
  if (share === null) return app.asked === app.setup ? t("guess.none") : "";
  return `${t("guess.near", { share: percent(share), n: count_near(ends, share) })} ${place_of_guess(share, ends, band)}`;
}

function place_of_guess(share, ends, { low, high }) {
  const heaps = heaps_of(ends);
  if (heaps.length > 1) return t(is_apart(share, heaps, ends) ? "guess.gap" : "guess.heap", { ways: heaps.length });
  const told = { low: percent(low), high: percent(high) }, where = t(told.low === told.high ? "guess.at" : "guess.between", told);
  if (share < low || share > high) return t(share < low ? "guess.below" : "guess.above", { where });
  return t(most_near(ends) < ends.length / 2 ? "guess.wide" : "guess.within", { where });
}

// Between the heaps, and near next to nothing.
function is_apart(share, heaps, ends) {
  const is_inside = heaps.some((heap) => heap[0] <= share && share <= heap.at(-1));
  return !is_inside && heaps[0][0] < share && share < heaps.at(-1).at(-1) && count_near(ends, share) < FEW;
}

// How many ends the best of all predictions would have been near.
const most_near = (ends) => Math.max(...ends.map((end) => count_near(ends, end + 0.1)));
