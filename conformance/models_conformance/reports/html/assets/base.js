"use strict";
// What every page does: copying commands, opening what a link leads to, printing what is closed.
const { all, byId, reveal } = (() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const reveal = (target) => {
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
    (target.tagName === "DETAILS" ? target.firstElementChild : target).focus({ preventScroll: true });
  };

  const say = (text) => { byId("said").textContent = text; };
  const select = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };
  const copy = async (button) => {
    const code = button.parentElement.querySelector(".whole");
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // No clipboard for pages from a disk in some browsers: the selection can still be copied.
      const details = code.closest(".command details");
      if (details) details.open = true;
      select(code);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Selected";
    say(copied ? "Command copied" : "The command is selected: copy it with the keyboard");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
  });

  let closedBeforePrint = [];
  addEventListener("beforeprint", () => {
    // What was kept is printed as a list, and the rest of an array as a number; all else in full.
    closedBeforePrint = all("details:not([open], .fold, .requirement:is(.is-pass, .is-observed))");
    for (const details of closedBeforePrint) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closedBeforePrint) details.open = false;
    closedBeforePrint = [];
  });
  document.documentElement.classList.add("js");
  return { all, byId, reveal };
})();
