// The page's own script: the list of conversations, the reader, the plots. Words of agents reach the page as text nodes only.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const read = (id) => JSON.parse($(id).textContent);
  const { fields, words, rows: packed, outliers } = read("rows");
  const WORDS = new Set(["persona", "segment", "goal", "target", "ending", "reason"]);
  const rows = packed.map((values, place) => {
    const row = { place };
    fields.forEach((name, i) => { row[name] = WORDS.has(name) ? words[values[i]] : values[i]; });
    row.criteria = row.criteria.map(([criterion, outcome, reason]) => ({ criterion: words[criterion], outcome, reason: words[reason] }));
    return row;
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const several = new Set(rows.map((row) => row.target)).size > 1;
  const OUTCOMES = { fail: "failed", pass: "passed", unscored: "unscored", error: "no answer", fault: "sim. fault" };
  const said = (word) => word.replaceAll("_", " ");

  let kept = null;
  const transcripts = () => (kept ??= read("transcripts"));

  const make = (tag, props = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === undefined || value === null) continue;
      if (name === "class") node.className = value;
      else if (name === "click") node.addEventListener("click", value);
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const badge = (outcome) => make("span", { class: `badge o-${outcome}` }, OUTCOMES[outcome] ?? outcome);

  // ------------------------------------------------------------ theme

  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("understudy-theme", root.dataset.theme); } catch { /* no storage for files in this browser */ }
  });

  // ------------------------------------------------------------ filters

  const list = $("list"), space = $("space"), query = $("q"), chips = $("f-outcome");
  const CHOICES = ["persona", "goal", "target", "ending"];
  const RANK = { fail: 0, error: 1, unscored: 2, fault: 3, pass: 4 };
  const ORDERS = {
    worst: (a, b) => RANK[a.outcome] - RANK[b.outcome] || a.place - b.place,
    plan: (a, b) => a.place - b.place,
    turns: (a, b) => b.turns - a.turns || a.place - b.place,
    latency: (a, b) => (b.latency ?? -1) - (a.latency ?? -1) || a.place - b.place,
  };
  let outcome = "", shown = [], active = -1;

  const fill = (select, label, values) => {
    select.replaceChildren(new Option(label, ""), ...[...values].sort().map((value) => new Option(said(value), value)));
    select.hidden = values.size < 2 && select.id !== "f-failed";
  };
  for (const name of CHOICES) fill($(`f-${name}`), `any ${name}`, new Set(rows.map((row) => row[name])));
  fill($("f-failed"), "any criterion", new Set(rows.flatMap((row) => row.criteria.filter((c) => c.outcome === "fail").map((c) => c.criterion))));

  const counts = { "": rows.length };
  for (const row of rows) counts[row.outcome] = (counts[row.outcome] ?? 0) + 1;
  for (const [value, label] of [["", "all"], ...Object.entries(OUTCOMES)]) {
    if (value && !counts[value]) continue;
    chips.append(make("button", { type: "button", "data-outcome": value, "aria-pressed": "false", click: () => { outcome = value; apply(true); } },
      `${label} ${counts[value].toLocaleString("en")}`));
  }

  const texts = new Map();
  const textOf = (row) => {
    let text = texts.get(row.id);
    if (text === undefined) {
      const conversation = Object.hasOwn(transcripts(), row.id) ? transcripts()[row.id] : null;
      const spoken = conversation ? conversation.turns.map((turn) => turn.text).join("\n") : "";
      text = [row.id, row.persona, row.segment, row.goal, row.target, row.reason, said(row.ending), row.criteria.map((c) => `${c.criterion} ${c.reason}`).join(" "), spoken]
        .join("\n").toLowerCase();
      texts.set(row.id, text);
    }
    return text;
  };

  const wanted = () => {
    const state = { outcome, q: query.value.trim(), failed: $("f-failed").value };
    for (const name of CHOICES) state[name] = $(`f-${name}`).value;
    return state;
  };

  function apply(remember) {
    const state = wanted(), needles = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows.filter((row) =>
      (!state.outcome || row.outcome === state.outcome)
      && CHOICES.every((name) => !state[name] || row[name] === state[name])
      && (!state.failed || (row.outcome !== "fault" && row.criteria.some((c) => c.criterion === state.failed && c.outcome === "fail")))
      && needles.every((needle) => textOf(row).includes(needle)));
    shown.sort(ORDERS[$("sort").value]);
    active = shown.length ? 0 : -1;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.outcome === outcome));
    $("count").textContent = `${shown.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} conversations`;
    list.scrollTop = 0;
    draw(true);
    if (remember) history.replaceState(null, "", address());
  }

  function address() {
    const state = Object.entries(wanted()).filter(([, value]) => value);
    return state.length ? `#?${new URLSearchParams(state)}` : location.pathname + location.search;
  }

  function takeUp(search) {
    const given = new URLSearchParams(search);
    query.value = given.get("q") ?? "";
    outcome = given.get("outcome") ?? "";
    for (const name of [...CHOICES, "failed"]) {
      const select = $(`f-${name}`);
      select.value = given.get(name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    apply(false);
  }

  let typing = 0;
  query.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => apply(true), 120); });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("change", (event) => { if (event.target !== query) apply(true); });
  $("filters").addEventListener("reset", () => { outcome = ""; setTimeout(() => apply(true)); });

  // ------------------------------------------------------------ the list: only rows in view are in the page

  let height = 0, drawn = "";
  function draw(again) {
    height = parseFloat(getComputedStyle(list).getPropertyValue("--row")) || 58;
    const first = Math.max(0, Math.floor(list.scrollTop / height) - 6);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / height) + 6);
    const key = `${first}-${last}-${active}-${height}`;
    if (!again && key === drawn) return;
    drawn = key;
    space.style.height = `${shown.length * height}px`;
    space.replaceChildren(...(shown.length ? shown.slice(first, last).map((row, i) => rowOf(row, first + i)) : [make("p", { class: "nothing" }, "No conversation fits.")]));
    if (active >= 0) list.setAttribute("aria-activedescendant", `row-${active}`);
    else list.removeAttribute("aria-activedescendant");
  }

  function rowOf(row, i) {
    const figures = [`${row.turns} turns`, row.latency === null ? "" : seconds(row.latency)].filter(Boolean).join(" · ");
    const node = make("a", { class: "row", role: "option", id: `row-${i}`, href: `#${row.id}`, tabindex: "-1", "aria-selected": String(i === active), "aria-setsize": shown.length, "aria-posinset": i + 1 },
      badge(row.outcome),
      make("span", { class: "who" }, make("b", {}, `${row.persona} · ${row.goal}`), make("span", {}, [several ? row.target : "", `repeat ${row.repeat + 1}`, said(row.ending)].filter(Boolean).join(" · "))),
      make("span", { class: "why", dir: "auto" }, row.reason),
      make("span", { class: "figures" }, figures));
    node.style.top = `${i * height}px`;
    return node;
  }
  const seconds = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms} ms`);

  list.addEventListener("scroll", () => requestAnimationFrame(() => draw(false)), { passive: true });
  addEventListener("resize", () => draw(true));

  function move(by) {
    if (!shown.length) return;
    active = Math.max(0, Math.min(shown.length - 1, active + by));
    const top = active * height;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
    draw(true);
  }

  // ------------------------------------------------------------ the reader

  const reader = $("reader"), turns = $("r-turns"), aside = $("r-verdict");
  let reading = null;

  function open(row) {
    reading = row;
    const at = shown.indexOf(row);
    if (at >= 0) { active = at; move(0); }
    const found = Object.hasOwn(transcripts(), row.id) ? transcripts()[row.id] : null;
    $("r-title").replaceChildren(badge(row.outcome), ` ${row.persona} · ${row.goal}`);
    $("r-sub").textContent = [found?.title, row.target, `repeat ${row.repeat + 1}`, `seed ${row.seed}`, row.id].filter(Boolean).join(" · ");
    const marks = found ? quotesOf(found.verdict) : new Map();
    turns.replaceChildren(...(found ? found.turns.map((turn) => turnOf(turn, found.who, marks.get(turn.n) ?? [])) : [leftOut(row)]), ...(found?.ending ? [endingOf(found.ending)] : []));
    aside.replaceChildren(...verdictOf(row, found));
    $("r-prev").disabled = at <= 0;
    $("r-next").disabled = at < 0 || at >= shown.length - 1;
    if (!reader.open) reader.showModal();
    turns.scrollTop = aside.scrollTop = 0;
    (turns.querySelector("mark:not(.good)") ?? turns.firstElementChild)?.scrollIntoView({ block: "center", behavior: "instant" });
    if (matchMedia("(max-width: 760px)").matches) turns.parentElement.scrollTop = 0;
    turns.focus({ preventScroll: true });
  }

  const leftOut = (row) => make("li", { class: "nothing" }, "The transcript is not in this page. Read it with ", make("code", {}, `understudy show ${row.id}`));
  const endingOf = ([kind, cause, detail]) => make("li", { class: "aside", dir: "auto" }, `Ended: ${said(kind)}, by the ${cause}.${detail ? ` ${detail}` : ""}`);

  function quotesOf(verdict) {
    const marks = new Map();
    const add = ([turn, quote], why, good) => {
      if (!quote || turn === null || turn === undefined) return;
      if (!marks.has(turn)) marks.set(turn, []);
      marks.get(turn).push({ quote, why, good });
    };
    for (const [criterion, result, , , evidence] of verdict?.results ?? []) for (const one of evidence) add(one, criterion, result === "pass");
    for (const row of verdict?.scorecard ?? []) for (const one of row[5]) add(one, "scorecard", row.slice(1, 4).every((r) => r === "pass"));
    for (const [defect, , turn, quote] of verdict?.audit ?? []) add([turn, quote], `simulated user: ${said(defect)}`, false);
    return marks;
  }

  // Quotes are word for word from the turn, so each is found as it stands; where two overlap, both are named.
  function marked(text, marks) {
    const spans = [];
    for (const { quote, why, good } of marks) {
      const at = text.indexOf(quote);
      if (at >= 0) spans.push({ from: at, to: at + quote.length, why, good });
    }
    const cuts = [...new Set([0, text.length, ...spans.flatMap((s) => [s.from, s.to])])].sort((a, b) => a - b);
    const pieces = [];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const piece = text.slice(cuts[i], cuts[i + 1]);
      const over = spans.filter((s) => s.from <= cuts[i] && s.to >= cuts[i + 1]);
      if (!over.length) pieces.push(piece);
      else pieces.push(make("mark", { class: over.every((s) => s.good) ? "good" : null, title: [...new Set(over.map((s) => s.why))].join(", ") }, piece));
    }
    return pieces;
  }

  function turnOf(turn, who, marks) {
    const by = [`[${turn.n}]`, turn.role === "user" ? who : "agent", turn.at ? `${turn.at} s` : "", turn.latency ? `answered in ${seconds(turn.latency)}` : ""];
    const words = turn.text ? make("div", { class: "words", dir: "auto" }, ...marked(turn.text, marks)) : make("div", { class: "words empty" }, "(nothing)");
    const node = make("li", { class: `turn ${turn.role}`, id: `turn-${turn.n}` }, make("p", { class: "by" }, by.filter(Boolean).join(" · ")), words);
    if (turn.cut) node.append(make("p", { class: "aside" }, `${turn.cut.toLocaleString("en")} more characters: understudy show ${reading.id}`));
    for (const [name, given, gave] of turn.tools ?? []) node.append(make("p", { class: "aside" }, make("code", {}, name), given ? ` ${given}` : "", gave ? ` → ${gave}` : ""));
    for (const [kind, detail] of turn.failed ?? []) node.append(make("p", { class: "aside" }, `before that: ${said(kind)}, ${detail}`));
    if (turn.handed_off) node.append(make("p", { class: "aside" }, "The target says that a human takes over."));
    const stage = [];
    if (turn.direction) stage.push(`direction: ${Object.entries(turn.direction).map(([k, v]) => `${said(k)}: ${Array.isArray(v) ? v.join(", ") : v}`).join("; ")}`);
    if (turn.role === "user") stage.push(`frustration: ${turn.frustration ?? 0} of 5`);
    if (turn.rejected) stage.push(`earlier wording refused: ${turn.rejected.join("; ")}`);
    if (turn.heard) stage.push(`the user heard: ${turn.heard.map(said).join(", ")}`);
    for (const line of stage) node.append(make("p", { class: "aside stage" }, line));
    return node;
  }

  function verdictOf(row, found) {
    const verdict = found?.verdict, parts = [];
    parts.push(make("p", { class: "verdict-line" }, badge(verdict?.invalid ? "fault" : row.outcome)), make("p", { dir: "auto" }, verdict?.reason ?? row.reason));
    if (verdict?.invalid) parts.push(make("p", { class: "aside" }, `Left out of every rate: the simulated user failed or misbehaved.${verdict.as_played ? ` Taken as played: ${OUTCOMES[verdict.as_played]}.` : ""}`));
    for (const warning of verdict?.warnings ?? []) parts.push(make("p", { class: "banner warn" }, warning));
    const results = verdict?.results ?? row.criteria.map((c) => [c.criterion, c.outcome, true, c.reason, [], ""]);
    for (const [criterion, result, gate, reason, evidence, judge] of results) {
      parts.push(make("div", { class: "crit" },
        make("div", { class: "top2" }, badge(result), make("strong", {}, criterion), gate ? null : make("span", { class: "tag" }, "does not decide"), judge && judge !== "checks" ? make("span", { class: "tag" }, judge) : null),
        make("p", { dir: "auto" }, reason), ...evidence.map((one) => quoteOf(one, result === "pass"))));
    }
    if (verdict?.scorecard) parts.push(make("h3", {}, "Scorecard"), scorecardOf(verdict));
    if (verdict?.audit) {
      parts.push(make("h3", {}, "The simulated user"));
      for (const [defect, severity, turn, quote, reason] of verdict.audit)
        parts.push(make("div", { class: "crit" }, make("strong", {}, said(defect)), ` (${severity})`, make("p", { dir: "auto" }, reason), quote ? quoteOf([turn, quote], false) : null));
    }
    if (verdict?.injection) parts.push(make("p", { class: "banner warn" }, `In turn ${verdict.injection.join(", ")} the agent speaks to a judge instead of the user. It decided nothing.`));
    const facts = [["ending", said(row.ending)], ["agent turns", row.turns], ["turns to resolution", row.resolved ?? "not resolved"], ["median reply", row.latency === null ? "–" : seconds(row.latency)],
      ["tokens", row.tokens.toLocaleString("en")], ["cost", row.usd === null ? "unpriced" : `$${row.usd.toFixed(4)}`], ["time", `${row.seconds} s`], ["segment", row.segment || "–"],
      ["player", found?.player], ["judge", verdict?.judge], ["judged", verdict ? `${verdict.judged[0]} of ${verdict.judged[1]} criteria` : null],
      ["played again", row.rerun || null], ["taken up again", row.resumed || null], ["begun afresh", row.restarted || null], ["read it all", make("code", {}, `understudy show ${row.id}`)]];
    parts.push(make("h3", {}, "Figures"), make("dl", {}, ...facts.filter(([, v]) => v !== null && v !== undefined).flatMap(([k, v]) => [make("dt", {}, k), make("dd", {}, v instanceof Node ? v : String(v))])));
    return parts;
  }

  const quoteOf = ([turn, quote], good) =>
    make("button", { type: "button", class: good ? "quote good" : "quote", dir: "auto", click: () => show(turn) }, quote, " ", make("small", {}, `turn ${turn}`));

  function show(turn) {
    const node = $(`turn-${turn}`);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "instant" });
    for (const other of turns.querySelectorAll(".flash")) other.classList.remove("flash");
    node.classList.add("flash");
  }

  function scorecardOf(verdict) {
    const body = verdict.scorecard.map(([turn, tone, relevance, accuracy, reason]) =>
      make("tr", {}, make("td", {}, make("button", { type: "button", click: () => show(turn) }, String(turn))), ...[tone, relevance, accuracy].map((r) => make("td", { class: r === "pass" ? "" : r === "fail" ? "o-fail" : "o-unscored" }, r)), make("td", { dir: "auto" }, reason)));
    const head = ["turn", "tone", "relevance", "accuracy", ""].map((h) => make("th", { scope: "col" }, h));
    return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
  }

  const step = (by) => {
    const next = shown[shown.indexOf(reading) + by];
    if (next) { history.replaceState(null, "", `#${next.id}`); open(next); }
  };
  $("r-prev").addEventListener("click", () => step(-1));
  $("r-next").addEventListener("click", () => step(1));
  $("r-close").addEventListener("click", () => reader.close());
  $("r-stage").addEventListener("click", (event) => event.currentTarget.setAttribute("aria-pressed", String(turns.classList.toggle("staged"))));
  reader.addEventListener("click", (event) => { if (event.target === reader) reader.close(); });
  reader.addEventListener("close", () => {
    reading = null;
    if (byId.has(decoded())) history.replaceState(null, "", address());
  });

  // ------------------------------------------------------------ addresses and keys

  function decoded() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
  }

  function route() {
    if (location.hash.startsWith("#?")) {
      if (reader.open) reader.close();
      takeUp(location.hash.slice(2));
      $("s-conversations").scrollIntoView();
      list.focus({ preventScroll: true });
      return;
    }
    const row = byId.get(decoded());
    if (row) open(row);
    else if (reader.open) reader.close();
  }
  addEventListener("hashchange", route);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest?.("input, select, textarea");
    if (field) {
      if (event.key === "Escape") { field.blur(); list.focus({ preventScroll: true }); }
      else if (field === query && event.key === "Enter") list.focus({ preventScroll: true });
      return;
    }
    const down = event.key === "j" || (event.key === "ArrowDown" && document.activeElement === list);
    const up = event.key === "k" || (event.key === "ArrowUp" && document.activeElement === list);
    if (reader.open) {
      if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      query.focus();
    } else if (down || up) {
      event.preventDefault();
      if (document.activeElement !== list) { $("s-conversations").scrollIntoView(); list.focus({ preventScroll: true }); draw(true); }
      else move(down ? 1 : -1);
    } else if (event.key === "Enter" && document.activeElement === list && shown[active]) {
      event.preventDefault();
      location.hash = shown[active].id;
    }
  });

  // ------------------------------------------------------------ plots

  const judged = rows.filter((row) => row.outcome === "pass" || row.outcome === "fail");
  const INK = { color: "var(--ink)", background: "transparent", fontFamily: "inherit", fontSize: "12px", overflow: "visible" };
  const colours = { domain: ["resolved", "not resolved"], range: ["var(--pass)", "var(--fail)"] };
  const PLOTS = {
    turns: (width) => Plot.plot({
      width, height: 220, style: INK, ariaLabel: "Conversations by agent turns, resolved and not",
      marginBottom: 40, x: { label: "agent turns", tickFormat: "d" }, y: { label: "conversations", grid: true }, color: { ...colours, legend: true },
      marks: [
        Plot.rectY(judged, Plot.binX({ y: "count" }, { x: (row) => row.resolved ?? row.turns, fill: (row) => (row.resolved === null ? "not resolved" : "resolved"), interval: 1, tip: true })),
        Plot.ruleY([0]),
        Plot.dot(outliers.map((id) => byId.get(id)).filter(Boolean), { x: (row) => row.resolved + 0.5, y: 0, symbol: "triangle", r: 6, fill: "var(--warn)", stroke: "var(--card)", title: (row) => `${row.persona} · ${row.goal}: ${row.resolved} turns`, tip: true }),
      ],
    }),
    latency: (width) => {
      const timed = rows.filter((row) => row.latency > 0);
      if (!timed.length) return null;
      return Plot.plot({
        width, height: 220, style: INK, ariaLabel: "Conversations by median seconds to a reply",
        marginBottom: 40, x: { label: "seconds, median of a conversation" }, y: { label: "conversations", grid: true },
        marks: [Plot.rectY(timed, Plot.binX({ y: "count" }, { x: (row) => row.latency / 1000, thresholds: 30, fill: "var(--link)", tip: true })), Plot.ruleY([0])],
      });
    },
    changes: (width) => {
      const changed = read("changes").filter(([, , before, after]) => before !== null && after !== null)
        .map(([kind, name, before, after, p]) => ({ name: `${name} (${kind})`, before, after, p }));
      if (!changed.length) return null;
      const left = Math.min(250, Math.round(width * 0.42)), fits = Math.floor(left / 7.2);
      return Plot.plot({
        width, height: 70 + 22 * changed.length, marginLeft: left, marginBottom: 40, style: INK, ariaLabel: "Pass rates before and after, by slice",
        x: { label: "passed, before to after", domain: [0, 1], ticks: width < 500 ? 3 : 10, tickFormat: "%", grid: true }, y: { label: null, domain: changed.map((c) => c.name), tickFormat: (name) => (name.length > fits ? `${name.slice(0, fits - 1)}…` : name) },
        marks: [
          Plot.arrow(changed.filter((c) => c.before !== c.after), { x1: "before", x2: "after", y1: "name", y2: "name", stroke: (c) => (c.after < c.before ? "var(--fail)" : "var(--pass)"), strokeWidth: (c) => (c.p < 0.05 ? 3 : 1.5), headLength: 8 }),
          Plot.dot(changed, { x: "before", y: "name", r: 3, fill: "var(--dim)", title: (c) => `${c.name}: ${(c.before * 100).toFixed(0)} % to ${(c.after * 100).toFixed(0)} %, adjusted p ${c.p.toFixed(3)}`, tip: true }),
        ],
      });
    },
  };
  function plot() {
    for (const figure of document.querySelectorAll("[data-plot]")) {
      const width = Math.max(280, Math.min(900, figure.clientWidth || 520));
      const drawing = PLOTS[figure.dataset.plot](width);
      figure.replaceChildren(drawing ?? make("p", { class: "note" }, "Nothing to plot."));
    }
  }

  if (location.hash.startsWith("#?")) takeUp(location.hash.slice(2));
  else apply(false);
  route();
  requestAnimationFrame(() => setTimeout(() => {
    plot();
    document.documentElement.dataset.ready = String(Math.round(performance.now())); // milliseconds since the page was asked for
  }));
})();
