// The page: asks the worker for one frame after the other and shows what comes. The engine is the library itself, in the worker.
import { drawNetwork, drawRegion, forms, palette, reach, side } from "./drawing.js";
import { steps } from "./tour.js";

const byId = id => document.getElementById(id);
const speakEvery = 5000;
const mostPoints = 600;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const numbersOfLayer = 6;
const percent = value => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–");
const degrees = value => (Number.isFinite(value) ? `${Math.round(value)}°` : "–");
const short = value => (Number.isFinite(value) ? value.toPrecision(3) : "–");

// --- the worker: one question at a time, in order

const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let lastId = 0;
const ask = message => new Promise(resolve => {
  lastId++;
  waiting.set(lastId, resolve);
  worker.postMessage({ ...message, id: lastId });
});
worker.onerror = event => fail(event.message ?? "the worker did not load");
worker.onmessage = ({ data }) => {
  if (data.failure) {
    fail(data.failure);
  } else if (data.id === "ready") {
    start(data.choices);
  } else {
    waiting.get(data.id)(data);
    waiting.delete(data.id);
  }
};

const fail = text => {
  running = false;
  byId("notice").hidden = false;
  byId("notice").textContent = `The networks cannot run here: ${text}`;
};

// --- what is known

let running = false;
let busy = false;
let generation = 0;
let settled = 0;
let colors = palette();
const choices = { task: [], rule: [], activation: [] };
/** @type {{settings: URLSearchParams, kind: string, sizes: number[], points: Float64Array, measured: number}} */
let game = null;
let view = null;
let curves = null;
let places = [];
let frozen = false;
const frames = [];
const extras = ["readings", "pictures0", "pictures1", "weights"];
const due = Object.fromEntries(extras.map(extra => [extra, 0]));
const charts = {
  angle: new Charts.Chart(byId("angle"), "Angle, by layer", degrees, [0, 120]),
  error: new Charts.Chart(byId("error"), "Test error", percent, null),
  loss: new Charts.Chart(byId("loss"), "Loss", short, null),
  useful: new Charts.Chart(byId("useful"), "Useful errors, by layer", percent, [0, 1]),
};
// For tests and for whoever looks by the console.
globalThis.playground = {
  frames, ask: message => ask(message), get examples() { return view?.examples ?? 0; }, get angles() { return view?.angles ?? []; }, get ready() { return game !== null && !busy && settled === generation; },
};

// --- words: a screen reader must not be told of every reading

let pendingWords = "";
let spokenAt = -speakEvery;
const say = text => {
  pendingWords = text;
  speak();
};
const speak = () => {
  if (pendingWords && performance.now() - spokenAt >= speakEvery) {
    spokenAt = performance.now();
    byId("status").textContent = pendingWords;
    pendingWords = "";
  }
};
const mistake = text => { byId("mistake").textContent = text; };

// --- settings and the address

const controls = ["task", "rule", "hidden", "activation", "rate", "scale", "noise", "batch", "decay", "seed"];
const pageOnly = ["speed", "lines"];
const rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];
const scales = [0.1, 0.2, 0.5, 1, 2, 5, 10];

const setSelect = (select, value) => {
  // A link may have a value that the list lacks.
  if (![...select.options].some(option => option.value === value)) {
    select.add(new Option(value, value));
  }
  select.value = value;
};

const ofControls = () => {
  const settings = new URLSearchParams();
  for (const name of controls) {
    settings.set(name, byId(name).value.trim());
  }
  if (byId("task").value === "own") {
    settings.set("points", byId("points").value.trim().replaceAll(/\s*\n\s*/g, ";"));
  }
  return settings;
};

// The engine reads the text as it stands: nothing is encoded but what an address cannot have.
const plain = settings => [...settings].map(([name, value]) => `${name}=${value}`).join("&");

const fragmentOf = settings => `#${[...settings].map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3B", ";")}`).join("&")}&speed=${byId("speed").value}&lines=${byId("lines").value}`;

/** What all settings' fields hold now. */
const held = () => new Map([...controls, "points"].map(name => [name, byId(name).value]));

/** Shows the settings of a game, but in fields that have been changed since it was asked for. */
const showSettings = (settings, before) => {
  for (const name of controls) {
    const control = byId(name);
    if (control.value !== before.get(name)) {
      continue;
    }
    if (control.tagName === "SELECT") {
      setSelect(control, settings.get(name));
    } else {
      control.value = settings.get(name);
    }
  }
  byId("own").hidden = settings.get("task") !== "own";
  if (settings.has("points") && byId("points").value === before.get("points")) {
    byId("points").value = settings.get("points").replaceAll(";", "\n");
  }
  for (const kind of ["task", "rule", "activation"]) {
    byId(`${kind}-hint`).textContent = choices[kind].find(choice => choice.id === settings.get(kind))?.sentence ?? "";
  }
};

const remember = () => history.replaceState(null, "", fragmentOf(game.settings));

/** Begins anew. @param {URLSearchParams} settings @param {boolean} runs Whether to run at once. */
const begin = async (settings, runs) => {
  const mine = ++generation;
  const before = held();
  setRunning(false);
  mistake("");
  byId("count").textContent = "Preparing …";
  setEnabled(false);
  const answer = await ask({ do: "begin", settings: plain(settings) });
  if (mine !== generation) {
    return;
  }
  setEnabled(game !== null || !answer.error);
  if (answer.error) {
    mistake(answer.error);
    byId("count").textContent = game ? `${view?.examples ?? 0} examples` : "Not started.";
    byId("own").hidden = byId("task").value !== "own";
    settled = mine;
    return;
  }
  const complete = new URLSearchParams(answer.settings.replaceAll("+", "%2B"));
  const task = choices.task.find(choice => choice.id === complete.get("task"));
  game = { settings: complete, kind: task.kind, sizes: [...answer.sizes], points: answer.points, measured: answer.measured };
  view = { examples: 0, angles: [], errors: [NaN, NaN], diverged: [false, false], pictures: [null, null], weights: [null, null], feedback: null, units: null };
  curves = { xs: [], loss: [[], [], [], []], error: [[], []], angles: game.sizes.slice(1, -1).map(() => []), useful: game.sizes.slice(1, -1).map(() => []) };
  frozen = false;
  tour.jump = undefined;
  frames.length = 0;
  byId("freeze").setAttribute("aria-pressed", "false");
  showSettings(complete, before);
  remember();
  prepareViews();
  await frame(0, extras);
  settled = Math.max(settled, mine);
  say(`Ready: ${task.name}. Both networks begin with the same weights.`);
  if (runs && mine === generation) {
    setRunning(true);
  }
};

const prepareViews = () => {
  const rule = choices.rule.find(choice => choice.id === game.settings.get("rule"));
  byId("net1").querySelector("h3").textContent = sentence(rule.name);
  for (const which of [0, 1]) {
    byId(`net${which}`).querySelector(".region").hidden = game.kind !== "plane";
  }
  const hidden = game.sizes.slice(1, -1);
  byId("layer").replaceChildren(...hidden.map((units, layer) => new Option(`hidden ${layer + 1}`, String(layer))));
  byId("layer").value = String(hidden.length - 1);
  fillUnits();
  byId("example").max = String(game.measured);
  byId("example").value = String(Math.min(game.measured, Number(byId("example").value) || 1));
  byId("networks-text").textContent = "Both begin with the same weights and see the same examples in the same order. Only the way back differs."
    + (isTestTraining() ? " There are too few points for a test part, so the test repeats what the networks learn from: with five of a class the fifth is for testing." : "");
  byId("error-text").textContent = game.kind === "vectors"
    ? "The share of the task that is left: squared distance to the right answers, as a share of their squares." : "The share of the test examples that each network answers wrongly.";
};

/** Whether there are too few points of one's own for a test part: the same points stand in both parts then. */
const isTestTraining = () => {
  const half = game.points.length / 2;
  return game.settings.get("task") === "own" && game.points.slice(0, half).every((value, index) => index % 4 === 3 || value === game.points[half + index]);
};

const sentence = text => text[0].toUpperCase() + text.slice(1);

const fillUnits = () => {
  const units = game.sizes[1 + Number(byId("layer").value)];
  const before = byId("unit").value;
  byId("unit").replaceChildren(...Array.from({ length: units }, (_, unit) => new Option(String(unit + 1), String(unit))));
  byId("unit").value = Number(before) < units && before !== "" ? before : "0";
};

// --- frames

const frame = async (examples, want) => {
  busy = true;
  const mine = generation;
  const answer = await ask({ do: "frame", examples, want, example: Number(byId("example").value) - 1 });
  busy = false;
  if (mine !== generation) {
    return;
  }
  if (examples > 0) {
    view.examples = answer.examples;
    frames.push(answer.work);
    if (frames.length > 2000) {
      frames.shift();
    }
  }
  take(answer);
};

const take = answer => {
  byId("count").textContent = `${view.examples.toLocaleString("en")} examples`;
  if (answer.readings) {
    takeReadings(answer.readings);
  }
  if (answer.errors) {
    view.unitErrors = answer.errors;
    drawArrows();
  }
  for (const which of [0, 1]) {
    if (answer[`pictures${which}`]) {
      view.pictures[which] = answer[`pictures${which}`];
      drawNet(which);
    }
  }
  if (answer.weights) {
    view.weights = answer.weights;
    view.feedback = answer.feedback;
    drawNet(0);
    drawNet(1);
  }
};

const takeReadings = numbers => {
  const hidden = game.sizes.length - 2;
  const layer = (index, what) => numbers[10 + numbersOfLayer * index + what];
  view.examples = numbers[0];
  view.errors = [numbers[4], numbers[8]];
  view.diverged = [numbers[5] === 1, numbers[9] === 1];
  const before = view.angles;
  // A rule without errors of hidden layers still has an angle of its weight changes.
  view.ofGradients = Number.isNaN(layer(hidden - 1, 0)) && !Number.isNaN(layer(hidden - 1, 1));
  view.angles = Array.from({ length: hidden }, (_, index) => layer(index, view.ofGradients ? 1 : 0));
  if (tour.watchesJump && before.length > 0) {
    tour.jump = Math.max(tour.jump ?? 0, ...view.angles.map((angle, index) => Math.abs(angle - before[index]) || 0));
  }
  curves.xs.push(view.examples);
  [numbers[2], numbers[3], numbers[6], numbers[7]].forEach((value, index) => curves.loss[index].push(value));
  view.errors.forEach((value, index) => curves.error[index].push(value));
  for (let index = 0; index < hidden; index++) {
    curves.angles[index].push(view.angles[index]);
    curves.useful[index].push(layer(index, 3));
  }
  // Half of the older points go when there are too many.
  if (curves.xs.length > mostPoints) {
    const keep = list => list.filter((_, index) => index % 2 === 0 || index === list.length - 1);
    curves = { xs: keep(curves.xs), loss: curves.loss.map(keep), error: curves.error.map(keep), angles: curves.angles.map(keep), useful: curves.useful.map(keep) };
  }
  byId("ewbe").textContent = Number.isFinite(layer(hidden - 1, 5)) ? `eᵀWBe at the last hidden layer, mean over the test examples: ${short(layer(hidden - 1, 5))}` : "";
  showCharts();
  showNumbers(numbers);
  checkTour();
};

const line = (name, style, ys) => ({ name, style, xs: curves.xs.filter((_, index) => Number.isFinite(ys[index])), ys: ys.filter(Number.isFinite) });

const showCharts = () => {
  const rule = choices.rule.find(choice => choice.id === game.settings.get("rule")).name;
  charts.error.show([line("backpropagation", 0, curves.error[0]), line(rule, 1, curves.error[1])]);
  charts.loss.show([line("backpropagation, learning", 0, curves.loss[0]), line("backpropagation, test", 3, curves.loss[1]), line(`${rule}, learning`, 1, curves.loss[2]), line(`${rule}, test`, 4, curves.loss[3])]);
  charts.angle.show(curves.angles.map((ys, index) => line(`hidden ${index + 1}`, index, ys)));
  charts.useful.show(curves.useful.map((ys, index) => line(`hidden ${index + 1}`, index, ys)));
};

const showNumbers = () => {
  const what = game.kind === "vectors" ? "of the task left" : "of the test examples wrong";
  for (const which of [0, 1]) {
    byId(`net${which}`).querySelector(".numbers").textContent = view.diverged[which]
      ? "The loss is no number any more: it has diverged. Try a smaller learning rate."
      : `${percent(view.errors[which])} ${what}${which === 1 ? `; angle ${view.angles.map(degrees).join(" ")}` : ""}`;
  }
  byId("angle-text").textContent = view.ofGradients
    ? "This rule sends hidden layers no error of the kind. So this is the angle between its change of the weights and backpropagation’s: at 90° they have nothing in common."
    : view.angles.some(Number.isFinite)
      ? "The angle between the error that arrives and the one that backpropagation would send, at each hidden layer. At 90° it says nothing; below 90° the layer learns; at 0° it is backpropagation."
      : "Under this rule no error reaches the hidden layers, so there is no angle.";
  say(`${view.examples} examples. Wrong: backpropagation ${percent(view.errors[0])}, the second network ${percent(view.errors[1])}. Angles ${view.angles.map(degrees).join(" and ")}.`);
};

// --- drawing

const chosenPoint = () => {
  // Measured examples are the first of the test part.
  const first = game.points.findIndex((_, index) => index % 4 === 3 && game.points[index] === 1);
  const at = first < 0 ? 0 : first - 3 + 4 * (Number(byId("example").value) - 1);
  return game.points.slice(at, at + 2);
};

const drawNet = which => {
  const figure = byId(`net${which}`);
  const pictures = view.pictures[which];
  const isPlane = game.kind === "plane";
  if (isPlane) {
    const canvas = figure.querySelector(".region");
    drawRegion(canvas, pictures, game.points, game.sizes.at(-1), which === 1 ? chosenPoint() : null, colors);
    canvas.setAttribute("aria-label", `The plane as the ${which === 0 ? "first" : "second"} network sees it; ${percent(view.errors[which])} of the test points are wrong`);
  }
  const canvas = figure.querySelector(".net");
  const lines = byId("lines").value;
  canvas.setAttribute("aria-label", `A network of ${game.sizes.join(", ")} units from left to right`);
  places[which] = drawNetwork(canvas, {
    sizes: game.sizes, kind: game.kind, weights: view.weights[which], feedback: which === 1 ? view.feedback : null, lines: which === 0 ? "forward" : lines,
    units: pictures && isPlane ? pictures.subarray(2 * side * side) : pictures, chosen: which === 1 ? [Number(byId("layer").value), Number(byId("unit").value)] : null,
  }, colors);
};

const svg = (name, attributes, text) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, String(value)));
  if (text) {
    element.textContent = text;
  }
  return element;
};

const arrow = (kind, x0, y0, x1, y1) => {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = Math.hypot(dx, dy);
  if (length < 2) {
    return [svg("circle", { cx: x0, cy: y0, r: 3, class: kind })];
  }
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(10, length);
  const corner = turn => `${x1 - head * ux - turn * head * 0.5 * uy},${y1 - head * uy + turn * head * 0.5 * ux}`;
  return [
    svg("line", { x1: x0, y1: y0, x2: x1 - head * ux * 0.8, y2: y1 - head * uy * 0.8, class: kind }),
    svg("polygon", { points: `${x1},${y1} ${corner(1)} ${corner(-1)}`, class: kind, "stroke-width": 0 }),
  ];
};

/** Left: two arrows up or down at the unit. Right: the errors of its whole layer, in the plane that both lie in. */
const drawArrows = () => {
  const { unitErrors } = view;
  let at = 0;
  for (let layer = 0; layer < Number(byId("layer").value); layer++) {
    at += 2 + 2 * unitErrors[at];
  }
  const [units, angle] = [unitErrors[at], unitErrors[at + 1]];
  const pairs = Array.from({ length: units }, (_, unit) => [unitErrors[at + 2 + 2 * unit], unitErrors[at + 3 + 2 * unit]]);
  const unit = Math.min(units - 1, Number(byId("unit").value));
  const [arrives, exact] = pairs[unit];
  const greatest = Math.max(1e-12, ...pairs.flat().map(Math.abs).filter(Number.isFinite));
  const length = value => (Number.isFinite(value) ? -60 * value / greatest : 0);
  const radians = angle * Math.PI / 180;
  byId("arrows").replaceChildren(
    svg("line", { x1: 10, y1: 75, x2: 140, y2: 75, class: "axis" }),
    ...arrow("arrives", 50, 75, 50, 75 + length(arrives)), ...arrow("exact", 100, 75, 100, 75 + length(exact)),
    svg("text", { x: 75, y: 158, "text-anchor": "middle" }, `unit ${unit + 1}`),
    svg("line", { x1: 165, y1: 75, x2: 315, y2: 75, class: "axis" }), svg("line", { x1: 240, y1: 10, x2: 240, y2: 140, class: "axis" }),
    ...arrow("exact", 240, 75, 300, 75), ...(Number.isFinite(angle) ? arrow("arrives", 240, 75, 240 + 60 * Math.cos(radians), 75 - 60 * Math.sin(radians)) : []),
    svg("text", { x: 240, y: 158, "text-anchor": "middle" }, `all units of the layer: ${degrees(angle)}`),
  );
  const agree = Math.sign(arrives) === Math.sign(exact);
  byId("arrows-text").textContent = Number.isFinite(arrives)
    ? `Arrives (solid): ${short(arrives)}. Backpropagation would send (broken): ${short(exact)}. They point ${agree ? "the same way" : "opposite ways"}.`
    : "Under this rule no error arrives here.";
  if (byId("units").open) {
    fillTable(pairs);
  }
};

const fillTable = pairs => {
  const table = document.createElement("table");
  table.createCaption().textContent = `Errors at hidden ${Number(byId("layer").value) + 1}`;
  const head = table.createTHead().insertRow();
  for (const title of ["Unit", "Arrives", "Backpropagation’s"]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  pairs.forEach((pair, unit) => {
    const row = body.insertRow();
    [String(unit + 1), ...pair.map(short)].forEach(text => { row.insertCell().textContent = text; });
  });
  byId("units").querySelector(".scroll").replaceChildren(table);
};

const redraw = () => {
  if (view) {
    drawNet(0);
    drawNet(1);
    if (view.unitErrors) {
      drawArrows();
    }
  }
};

// --- running

const setEnabled = on => ["run", "step", "reset"].forEach(id => { byId(id).disabled = !on; });

const setRunning = on => {
  running = on && game !== null;
  byId("run").textContent = running ? "Pause" : "Run";
  byId("run").setAttribute("aria-pressed", String(running));
};

const interfere = async what => {
  if (!game) {
    return;
  }
  const { error } = await ask({ do: "intervene", what });
  mistake(error ?? "");
  if (!error) {
    tour.watchesJump = what === "redraw" || (tour.watchesJump && what !== "copy");
    await frame(0, extras);
    say({ redraw: "B is drawn anew.", copy: "B is Wᵀ now.", flip: "B has other signs now.", halve: "Half of B is gone.", freeze: "The hidden layers are frozen.", thaw: "The hidden layers learn again." }[what] + ` Angles ${view.angles.map(degrees).join(" and ")}.`);
    tour.watchesJump = false;
  }
};

const loop = () => {
  requestAnimationFrame(loop);
  speak();
  if (!running || busy || document.hidden) {
    return;
  }
  // One thing to look at in a frame, the one that waits longest: so that no frame is long.
  const now = performance.now();
  const pause = isStill.matches ? 2000 : game.kind === "plane" ? 160 : 600;
  const next = extras.filter(extra => now - due[extra] > pause).sort((a, b) => due[a] - due[b])[0];
  if (next) {
    due[next] = now;
  }
  frame(Number(byId("speed").value), next ? [next] : []);
};

// --- the tour

const tour = { step: 0, done: new Set(), jump: undefined, watchesJump: false };

const checkTour = () => {
  const step = steps[tour.step];
  const state = { examples: view.examples, task: game.settings.get("task"), rule: game.settings.get("rule"), errors: view.errors, angles: view.angles };
  const [holds, words] = step.look(state, tour);
  if (holds) {
    tour.done.add(tour.step);
  }
  byId("tour-check").textContent = tour.done.has(tour.step) ? `✓ Seen. ${holds ? words : ""}` : words;
};

const showTour = () => {
  const step = steps[tour.step];
  byId("tour-step").textContent = step.title;
  byId("tour-text").textContent = step.text;
  byId("tour-do").textContent = step.action;
  byId("tour-back").disabled = tour.step === 0;
  byId("tour-next").disabled = tour.step === steps.length - 1;
  byId("tour-check").textContent = "";
  if (view) {
    checkTour();
  }
};

const hand = {
  begin: (text, runs) => begin(new URLSearchParams(text), runs),
  run: on => setRunning(on),
  intervene: what => interfere(what),
  speed: value => setSelect(byId("speed"), String(value)),
};
byId("tour-do").addEventListener("click", () => steps[tour.step].act(hand));
for (const [id, way] of [["tour-back", -1], ["tour-next", 1]]) {
  byId(id).addEventListener("click", () => {
    tour.step = Math.max(0, Math.min(steps.length - 1, tour.step + way));
    showTour();
    byId("tour-step").focus();
  });
}

// --- what one does

byId("run").addEventListener("click", () => {
  setRunning(!running);
  if (!running) {
    frameWhenIdle();
  }
});
const frameWhenIdle = () => (busy ? setTimeout(frameWhenIdle, 20) : frame(0, extras));
byId("step").addEventListener("click", () => {
  setRunning(false);
  if (!busy) {
    frame(Number(game.settings.get("batch")), extras);
  }
});
byId("reset").addEventListener("click", () => begin(game.settings, false));
document.querySelectorAll("[data-do]").forEach(button => button.addEventListener("click", () => interfere(button.dataset.do)));
byId("freeze").addEventListener("click", async () => {
  frozen = !frozen;
  byId("freeze").setAttribute("aria-pressed", String(frozen));
  await interfere(frozen ? "freeze" : "thaw");
});
byId("settings").addEventListener("submit", event => event.preventDefault());
for (const name of controls) {
  byId(name).addEventListener("change", async () => {
    if (name === "rate" && game) {
      await ask({ do: "rate", value: Number(byId("rate").value) });
      game.settings.set("rate", byId("rate").value);
      remember();
      return;
    }
    const settings = ofControls();
    if (name === "task") {
      // Another task brings what suits it.
      ["hidden", "activation", "rate"].forEach(other => settings.delete(other));
    }
    if (name === "task" && settings.get("task") === "own" && !settings.get("points")) {
      byId("points").value = ["-1.5,-1,0", "-1,-1.5,0", "-1.2,-0.8,0", "-0.6,-1.4,0", "-1.7,-1.6,0", "1.5,1,1", "1,1.5,1", "1.2,0.8,1", "0.6,1.4,1", "1.7,1.6,1"].join("\n");
      settings.set("points", byId("points").value.replaceAll("\n", ";"));
    }
    begin(settings, false);
  });
}
byId("speed").addEventListener("change", () => game && remember());
byId("lines").addEventListener("change", () => {
  redraw();
  if (game) {
    remember();
  }
});
byId("layer").addEventListener("change", () => {
  fillUnits();
  redraw();
});
byId("unit").addEventListener("change", redraw);
byId("units").addEventListener("toggle", redraw);
byId("example").addEventListener("change", () => {
  const example = Math.round(Number(byId("example").value));
  byId("example").value = String(Math.max(1, Math.min(game?.measured ?? 1, example || 1)));
  if (game) {
    ask({ do: "frame", examples: 0, want: ["errors"], example: Number(byId("example").value) - 1 }).then(answer => {
      take(answer);
      redraw();
    });
  }
});
byId("net1").querySelector(".net").addEventListener("click", event => {
  places[1].forEach((units, layer) => units.forEach((place, unit) => {
    if (layer > 0 && layer < places[1].length - 1 && Math.abs(event.offsetX - place.x) <= place.size / 2 && Math.abs(event.offsetY - place.y) <= place.size / 2) {
      byId("layer").value = String(layer - 1);
      fillUnits();
      byId("unit").value = String(unit);
      redraw();
    }
  }));
});

const addPoint = (x, y) => {
  const points = byId("points");
  points.value = `${points.value.trim()}\n${x},${y},${byId("class").value}`.trim();
  begin(ofControls(), false);
};
byId("net0").querySelector(".region").addEventListener("click", event => {
  if (game?.settings.get("task") === "own") {
    const at = value => Math.round(100 * reach * (2 * value / event.target.clientWidth - 1)) / 100;
    addPoint(at(event.offsetX), -at(event.offsetY));
  }
});
byId("add").addEventListener("click", () => addPoint(byId("x").value.trim(), byId("y").value.trim()));
byId("use").addEventListener("click", () => begin(ofControls(), false));
byId("clear").addEventListener("click", () => {
  byId("points").value = "";
  byId("points").focus();
});
addEventListener("hashchange", () => location.hash !== fragmentOf(game?.settings ?? new URLSearchParams()) && begin(ofAddress(), false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  colors = palette();
  redraw();
});
new ResizeObserver(redraw).observe(byId("networks"));
setInterval(() => {
  if (frames.length > 20) {
    const sorted = [...frames].sort((a, b) => a - b);
    byId("work").textContent = `Work per frame here: ${sorted[sorted.length >> 1].toFixed(1)} ms, at most ${sorted.at(-1).toFixed(0)} ms.`;
  }
}, speakEvery);

// --- the beginning

const ofAddress = () => {
  const given = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
  for (const name of pageOnly) {
    if (given.has(name) && [...byId(name).options].some(option => option.value === given.get(name))) {
      byId(name).value = given.get(name);
    }
    given.delete(name);
  }
  return given;
};

const start = text => {
  for (const row of text.split("\n")) {
    const [kind, id, name, words, drawn] = row.split("\t");
    choices[kind].push({ id, name, sentence: words, kind: drawn });
  }
  for (const kind of ["task", "rule", "activation"]) {
    byId(kind).replaceChildren(...choices[kind].map(choice => new Option(sentence(choice.name), choice.id)));
  }
  byId("rate").replaceChildren(...rates.map(rate => new Option(String(rate))));
  byId("scale").replaceChildren(...scales.map(scale => new Option(String(scale))));
  byId("rule").value = "feedback-alignment";
  byId("forms").textContent = forms.map((form, index) => `class ${index} a ${form}`).join(", ");
  begin(ofAddress(), false);
  requestAnimationFrame(loop);
};

showTour();
