// What thirty runs say of a prediction: how many ended near it; and, where they part into two heaps, that there are two.
const NEAR = 0.1 + 1e-9; // ten points
const FEW = 3, GAP = 0.2; // two heaps: a gap of at least twenty points where no run ends, and at least three runs on either side

const count_near = (ends, share) => ends.filter((end) => Math.abs(end - share) <= NEAR).length;

// The two heaps of ends, each ascending, on either side of the widest gap; null where there is no such gap.
function two_heaps(ends) {
  const sorted = ends.slice().sort((a, b) => a - b);
  let cut = 0, widest = GAP;
  for (let k = FEW; k <= sorted.length - FEW; k++) {
    const gap = sorted[k] - sorted[k - 1];
    if (gap >= widest) [cut, widest] = [k, gap];
  }
  return cut ? [sorted.slice(0, cut), sorted.slice(cut)] : null;
}

function told_of_two(ends) {
  const two = two_heaps(ends);
  if (!two) return "";
  const [few, many] = two.map((heap) => t("many.heap", { n: heap.length, low: percent(heap[0]), high: percent(heap.at(-1)) }));
  return t("many.two", { few, many });
}

function verdict_on_guess(ends, band) {
  const { share } = app.guess;
  if (share === null) return app.asked === app.setup ? t("guess.none") : "";
  return `${t("guess.near", { share: percent(share), n: count_near(ends, share) })} ${place_of_guess(share, ends, band)}`;
}

function place_of_guess(share, ends, { low, high }) {
  const two = two_heaps(ends);
  if (two) return t(count_near(ends, share) < FEW && two[0].at(-1) < share && share < two[1][0] ? "guess.gap" : "guess.one");
  const told = { low: percent(low), high: percent(high) }, where = t(told.low === told.high ? "guess.at" : "guess.between", told);
  if (share < low || share > high) return t(share < low ? "guess.below" : "guess.above", { where });
  return t(most_near(ends) < ends.length / 2 ? "guess.wide" : "guess.within", { where });
}

// How many ends the best of all predictions would have been near.
const most_near = (ends) => Math.max(...ends.map((end) => count_near(ends, end + 0.1)));
