"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const requirements = all(".requirement");
  const toggles = all(".toggle");
  const state = { verdict: new Set(), level: new Set(), area: "", query: "" };
  const short = { verdict: "v", level: "l", area: "a", query: "q" };
  const texts = new Map();

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
    for (const area of all(".area")) area.hidden = !area.querySelector(".requirement:not([hidden])");
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
    const requirement = target.closest(".requirement");
    if (requirement) requirement.open = true;
    if (target.closest("[hidden]") || target.closest(".area")?.hidden) {
      clear();
      show();
    }
    target.scrollIntoView();
    (target === requirement ? requirement.firstElementChild : target).focus({ preventScroll: true });
  };

  const say = (text) => { byId("said").textContent = text; };
  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  const copy = async (button) => {
    const code = button.parentElement.querySelector("code");
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No clipboard for pages from a disk in some browsers: the selection can still be copied.
      select(code);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Selected";
    say(copied ? "Command copied" : "The command is selected: copy it with the keyboard");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  const setOpen = (open) => {
    for (const details of all(".requirement:not([hidden]), .requirement:not([hidden]) .exchange")) details.open = open;
  };
  let closedBeforePrint = [];

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".copy")) copy(button);
    if (button.matches(".toggle")) {
      const chosen = state[button.dataset.filter];
      if (!chosen.delete(button.dataset.value)) chosen.add(button.dataset.value);
      change();
    }
  });
  byId("area").addEventListener("change", (event) => { state.area = event.target.value; change(); });
  byId("query").addEventListener("input", (event) => { state.query = event.target.value.trim(); change(); });
  byId("reset").addEventListener("click", () => { clear(); byId("query").value = ""; byId("query").focus(); change(); });
  byId("expand").addEventListener("click", () => setOpen(true));
  byId("collapse").addEventListener("click", () => setOpen(false));
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    // What was kept is printed as a list, all else in full.
    closedBeforePrint = all("details:not([open])").filter((each) => !each.closest(".is-pass, .is-observed"));
    for (const details of closedBeforePrint) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closedBeforePrint) details.open = false;
    closedBeforePrint = [];
  });

  document.documentElement.classList.add("js");
  show();
  follow();
})();
