(() => {
  const [query, which, shown] = ["query", "which", "shown"].map(byId);
  const bodies = all("tbody:has(.area)").map((body) => ({
    head: body.querySelector(".area"),
    rows: all(".row", body).map((row) => ({
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

  // A link must arrive, whatever is filtered or folded.
  const follow = () => {
    const target = byId(location.hash.slice(1));
    if (target?.closest("[hidden]")) {
      query.value = "";
      which.value = "all";
      filter();
    }
    if (target) reveal(target);
  };

  // A reader comes for what is not alike, where anything is; without this script every row is there.
  if (document.querySelector(".row:not(.quiet)")) which.value = "notable";
  query.addEventListener("input", filter);
  which.addEventListener("change", filter);
  window.addEventListener("hashchange", follow);
  // A browser may bring back what was typed before a reload.
  window.addEventListener("pageshow", filter);
  filter();
  follow();
})();
