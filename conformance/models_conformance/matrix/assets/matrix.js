"use strict";
(() => {
  const query = document.getElementById("query");
  const which = document.getElementById("which");
  const shown = document.getElementById("shown");
  const bodies = [...document.querySelectorAll("tbody")].map((body) => ({
    head: body.querySelector(".area"),
    rows: [...body.querySelectorAll(".row")].map((row) => ({
      row,
      text: row.querySelector("th").textContent.toLowerCase(),
    })),
  }));
  const wanted = {
    all: () => true,
    notable: (row) => !row.classList.contains("quiet"),
    changed: (row) => row.classList.contains("changed"),
  };

  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    let total = 0;
    for (const body of bodies) {
      let here = 0;
      for (const { row, text } of body.rows) {
        row.hidden = !wanted[which.value](row) || !words.every((word) => text.includes(word));
        here += row.hidden ? 0 : 1;
      }
      body.head.hidden = here === 0;
      count += here;
      total += body.rows.length;
    }
    shown.textContent = `${count} of ${total} requirements shown`;
  };

  // A link back to the table must arrive, whatever the filter hides.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.closest("[hidden]")) {
      query.value = "";
      which.value = "all";
      filter();
      target.scrollIntoView();
    }
  };

  document.documentElement.classList.add("js");
  // A reader comes for what is not alike, where anything is; without this script every row is there.
  if (document.querySelector(".row:not(.quiet)")) which.value = "notable";
  query.addEventListener("input", filter);
  which.addEventListener("change", filter);
  window.addEventListener("hashchange", reveal);
  // A browser may bring back what was typed before a reload.
  window.addEventListener("pageshow", filter);
  filter();
  reveal();
})();
