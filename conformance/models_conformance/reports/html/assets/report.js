(() => {
  const requirements = all(".requirement");
  const outcomes = all("[id^=outcome-]");
  const state = { verdict: new Set(), level: new Set(), area: "", query: "" };
  const short = { verdict: "v", level: "l", area: "a", query: "q" };
  const texts = new Map();

  // A count leads to its part of the page; with this script it filters, as a button does.
  for (const link of all(".score")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `${link.className} toggle`;
    Object.assign(button.dataset, { filter: "verdict", value: link.hash.slice("#outcome-".length) });
    button.append(...link.childNodes);
    link.replaceWith(button);
  }
  const toggles = all(".toggle");
  const folded = new Set(outcomes.filter((each) => each.open === false));

  // Read once a search is made, not before: most readers never search.
  const textOf = (requirement) => {
    if (!texts.has(requirement)) {
      texts.set(requirement, all("[data-search]", requirement).map((each) => each.textContent).join("\n").toLowerCase());
    }
    return texts.get(requirement);
  };
  const fits = (requirement) => {
    const { verdict, level, area } = requirement.dataset;
    return (!state.verdict.size || state.verdict.has(verdict))
      && (!state.level.size || state.level.has(level))
      && (!state.area || state.area === area)
      && state.query.toLowerCase().split(/\s+/).every((word) => !word || textOf(requirement).includes(word));
  };
  const isFiltered = () => Boolean(state.verdict.size || state.level.size || state.area || state.query);

  const show = () => {
    let shown = 0;
    for (const requirement of requirements) {
      requirement.hidden = !fits(requirement);
      shown += requirement.hidden ? 0 : 1;
    }
    for (const outcome of outcomes) {
      outcome.hidden = !outcome.querySelector(".requirement:not([hidden])");
      // What was asked for is not left folded away.
      if (folded.has(outcome)) outcome.open = isFiltered();
    }
    for (const toggle of toggles) {
      toggle.setAttribute("aria-pressed", String(state[toggle.dataset.filter].has(toggle.dataset.value)));
    }
    byId("area").value = state.area;
    if (byId("query").value !== state.query) byId("query").value = state.query;
    byId("reset").disabled = !isFiltered();
    byId("none").hidden = shown > 0;
    byId("shown").textContent = `${shown} of ${requirements.length} requirements shown`;
  };

  const remember = () => {
    const kept = new URLSearchParams();
    for (const [name, letter] of Object.entries(short)) {
      const value = state[name] instanceof Set ? [...state[name]].join(",") : state[name];
      if (value) kept.set(letter, value);
    }
    history.replaceState(null, "", location.href.split("#")[0] + (isFiltered() ? `#${kept}` : ""));
  };
  const change = () => { show(); remember(); };
  const clear = () => {
    state.verdict.clear();
    state.level.clear();
    state.area = state.query = "";
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const kept = new URLSearchParams(hash);
      const known = (name) => new Set((kept.get(short[name]) ?? "").split(",").filter(
        (value) => toggles.some((toggle) => toggle.dataset.filter === name && toggle.dataset.value === value)));
      state.verdict = known("verdict");
      state.level = known("level");
      const area = kept.get(short.area) ?? "";
      state.area = [...byId("area").options].some((option) => option.value === area) ? area : "";
      state.query = kept.get(short.query) ?? "";
      show();
      return;
    }
    const target = hash && byId(hash);
    if (!target) return;
    if (target.closest("[hidden]")) {
      clear();
      show();
    }
    reveal(target);
  };

  const setOpen = (open) => {
    const shown = ".requirement:not([hidden])";
    for (const details of all(`${shown}, ${shown} .exchange`)) details.open = open;
    if (open) for (const outcome of folded) outcome.open = true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".toggle");
    if (!button) return;
    const chosen = state[button.dataset.filter];
    if (!chosen.delete(button.dataset.value)) chosen.add(button.dataset.value);
    change();
  });
  byId("area").addEventListener("change", (event) => { state.area = event.target.value; change(); });
  byId("query").addEventListener("input", (event) => { state.query = event.target.value.trim(); change(); });
  byId("reset").addEventListener("click", () => { clear(); byId("query").value = ""; byId("query").focus(); change(); });
  byId("expand").addEventListener("click", () => setOpen(true));
  byId("collapse").addEventListener("click", () => setOpen(false));
  addEventListener("hashchange", follow);

  show();
  follow();
})();
