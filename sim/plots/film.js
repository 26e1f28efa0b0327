// Lets the slider of every film on the page show its step; a film shown twice has two sliders.
for (const film of document.querySelectorAll("[data-film]:not([data-ready])")) {
  film.dataset.ready = "";
  const steps = film.dataset.acts.split(" "), groups = film.dataset.groups, looks = JSON.parse(film.dataset.looks);
  const people = [...film.querySelectorAll("[data-person]")], slider = film.querySelector("input");
  const play = film.querySelector("[data-play]"), first = Number(film.dataset.first);
  let timer = null;

  const show = (at) => {
    const counts = {};
    people.forEach((person, i) => {
      const [outline, colour, word] = looks[groups[i]][steps[at][i]];
      person.setAttribute("d", outline);
      person.setAttribute("fill", colour);
      counts[word] = (counts[word] || 0) + 1;
    });
    film.querySelector("[data-step]").innerHTML = "<b></b>";
    film.querySelector("[data-step] b").textContent = `Step ${first + at} of ${first + steps.length - 1}`;
    for (const cell of film.querySelectorAll("[data-count]")) cell.textContent = counts[cell.dataset.count] || 0;
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const forward = () => {
    if (!film.isConnected || Number(slider.value) >= steps.length - 1) return stop();
    slider.value = Number(slider.value) + 1;
    return show(Number(slider.value));
  };
  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(slider.value) >= steps.length - 1) slider.value = 0;
    show(Number(slider.value));
    play.textContent = "Pause";
    timer = setInterval(forward, Math.max(60, Math.min(500, 15000 / steps.length)));
  });
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  film.querySelector("[data-controls]").style.display = "flex";
  slider.value = 0;
  show(0);
}
