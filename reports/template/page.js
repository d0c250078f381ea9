"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("_filter");
  const cases = [...document.querySelectorAll(".case")];
  const rows = [...document.querySelectorAll(".requirement")];
  const packs = [...document.querySelectorAll(".pack")];
  const texts = new Map();

  const textOf = (element) => {
    let text = texts.get(element);
    if (text === undefined) {
      text = element.textContent.toLowerCase();
      texts.set(element, text);
    }
    return text;
  };
  const packOf = (element) => element.dataset.pack ?? element.closest(".pack").dataset.pack;

  const wanted = () => {
    const data = new FormData(form);
    return {
      outcome: data.getAll("outcome"),
      level: data.get("level"),
      pack: data.get("pack"),
      words: data.get("q").toLowerCase().split(/\s+/).filter(Boolean),
    };
  };
  const matches = (element, want) =>
    (want.outcome.length === 0 || want.outcome.includes(element.dataset.outcome)) &&
    (!want.level || element.dataset.level === want.level) &&
    (!want.pack || packOf(element) === want.pack) &&
    want.words.every((word) => textOf(element).includes(word));

  const apply = () => {
    const want = wanted();
    let shown = 0;
    for (const item of cases) {
      item.hidden = !matches(item, want);
      shown += item.hidden ? 0 : 1;
    }
    for (const row of rows) row.hidden = !matches(row, want);
    for (const pack of packs) pack.hidden = !pack.querySelector(".case:not([hidden])");
    byId("_none").hidden = shown > 0;
    byId("_shown").value = shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length} cases`;
    unfoldLabel();
  };

  const remember = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) data.append(name, value);
    const hash = data.size ? `#?${data}` : "#";
    try { history.replaceState(null, "", hash); } catch { /* some viewers refuse */ }
  };

  const recall = (query) => {
    const data = new URLSearchParams(query);
    const outcomes = data.getAll("outcome").flatMap((part) => part.split(","));
    for (const box of form.querySelectorAll("[name=outcome]")) box.checked = outcomes.includes(box.value);
    for (const name of ["level", "pack", "q"]) form.elements[name].value = data.get(name) ?? "";
  };

  const reveal = (id) => {
    const target = byId(id);
    if (!target) return;
    if (target.closest(".case[hidden], .requirement[hidden], .pack[hidden]")) {
      form.reset();
      apply();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
    const focus = target.querySelector("summary") ?? target;
    focus.focus({ preventScroll: true });
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith("?")) recall(hash.slice(1));
    apply();
    if (hash && !hash.startsWith("?")) {
      let id = hash;
      try { id = decodeURIComponent(hash); } catch { /* as it is */ }
      reveal(id);
    }
  };

  const visible = () => cases.filter((item) => !item.hidden);
  const unfoldLabel = () => {
    const all = visible();
    const open = all.length > 0 && all.every((item) => item.open);
    byId("_unfold").textContent = open ? "Fold all" : "Unfold all";
  };

  const copy = async (button) => {
    const source = button.parentElement.querySelector("pre");
    let done = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      getSelection().selectAllChildren(source);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Press Ctrl-C";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  const dark = () => {
    const set = document.documentElement.dataset.theme;
    return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const theme = byId("_theme");
  const themeLabel = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    themeLabel();
  });
  themeLabel();

  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
  byId("_unfold").addEventListener("click", () => {
    const all = visible();
    const open = !all.every((item) => item.open);
    for (const item of all) item.open = open;
    unfoldLabel();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) follow();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.elements.q.focus();
    }
  });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => {
    for (const item of visible()) if (!["pass", "skip"].includes(item.dataset.outcome)) item.open = true;
  });

  for (const hidden of [form, theme, ...document.querySelectorAll(".copy")]) hidden.hidden = false;
  follow();
})();
