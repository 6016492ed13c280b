// Reads the events of the server and shows them. The token comes in the fragment of the address, which no server and no log sees.
"use strict";

(() => {
  const tokenName = "fa-live-token";
  const mostPoints = 2000;
  const drawEvery = 500;
  const speakEvery = 5000;
  const byId = id => document.getElementById(id);

  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(tokenName, given);
    history.replaceState(null, "", location.pathname);
  }
  const token = sessionStorage.getItem(tokenName);

  const runs = new Map(); // by key: { state, curve, layers, seen }
  let list = { title: "", folder: "", hasMore: false, runs: [] };
  let isHeld = false;
  let isDirty = true;
  let stream = null;
  let wait = 1000;
  let lastSpoken = 0;
  let connected = 0;

  const percent = value => `${(100 * value).toFixed(value < 0.1 ? 2 : 1)} %`;
  const degrees = value => `${Math.round(value)}°`;
  const number = value => Number(value).toPrecision(3);
  const charts = {
    error: new Charts.Chart(byId("error"), "Validation error", percent, null),
    angle: new Charts.Chart(byId("angle"), "Angle of the error, by layer", degrees, [0, 120]),
    loss: new Charts.Chart(byId("loss"), "Training loss", number, null),
    share: new Charts.Chart(byId("share"), "Share of useful errors, by layer", percent, [0, 1]),
  };

  // --- what is known of the runs

  const runOf = key => {
    if (!runs.has(key)) {
      runs.set(key, { curve: [], layers: new Map(), place: null, first: null, last: performance.now() });
    }
    return runs.get(key);
  };

  // Half of the older points go when there are too many: memory stays flat however long a page is open.
  const append = (points, more) => {
    points.push(...more);
    while (points.length > mostPoints) {
      points.splice(0, points.length, ...points.filter((_, index) => index % 2 === 0 || index === points.length - 1));
    }
  };

  const take = readings => {
    const run = runOf(readings.run);
    if (readings.forget) {
      run.curve = [];
      run.layers = new Map();
      run.first = null;
    }
    run.key = readings.key;
    run.place = readings.to;
    run.last = performance.now();
    append(run.curve, readings.curve);
    for (const layer of readings.layers) {
      if (!run.layers.has(layer.name)) {
        run.layers.set(layer.name, []);
      }
      append(run.layers.get(layer.name), layer.points);
    }
    const now = done(run);
    // What was recorded before the page was open says nothing about the speed now.
    if (!run.first || performance.now() - connected < 3000) {
      run.first = { examples: now, time: performance.now() };
    }
    isDirty = true;
  };

  const done = run => Math.max(run.curve.at(-1)?.[0] ?? 0, ...[...run.layers.values()].map(points => points.at(-1)[0]));

  // --- the stream

  const say = text => { byId("connection").textContent = text; };

  const connect = async () => {
    if (!token) {
      say("Not connected.");
      byId("notice").hidden = false;
      byId("notice").textContent = "Open this page by the address or the file that fa has shown: they carry the key to it.";
      return;
    }
    stream = new AbortController();
    try {
      const places = Object.fromEntries([...runs.values()].filter(run => run.place).map(run => [run.key, run.place]));
      const response = await fetch("api/events", {
        method: "POST", signal: stream.signal, cache: "no-store",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ places }),
      });
      if (response.status === 401) {
        say("Not connected.");
        byId("notice").hidden = false;
        byId("notice").textContent = "The server has another key: it was started again. Open the address or the file that fa has shown now.";
        return;
      }
      if (!response.ok) {
        throw new Error(`status ${response.status}`);
      }
      say("Connected.");
      connected = performance.now();
      byId("notice").hidden = true;
      wait = 1000;
      if (await read(response.body.pipeThrough(new TextDecoderStream()).getReader())) {
        say("fa has ended. `fa watch` shows these runs again.");
        return;
      }
      throw new Error("the stream broke off");
    } catch {
      if (!document.hidden) {
        say("Connection lost; trying again …");
        setTimeout(() => document.hidden || connect(), wait);
        wait = Math.min(8000, 2 * wait);
      }
    }
  };

  const read = async reader => {
    let rest = "";
    let hasEnded = false;
    for (;;) {
      const { value, done: isOver } = await reader.read();
      if (isOver) {
        return hasEnded;
      }
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const kind = event.match(/^event: (.*)$/m)?.[1];
        const data = JSON.parse(event.match(/^data: (.*)$/m)?.[1] ?? "null");
        if (kind === "runs") {
          list = data;
          isDirty = true;
        } else if (kind === "readings") {
          take(data);
        } else if (kind === "end") {
          hasEnded = true;
        }
      }
    }
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stream?.abort();
      say("Paused while the page is hidden.");
    } else {
      connect();
    }
  });

  // --- what is shown

  const column = (points, index) => ({ xs: points.filter(p => p[index] != null).map(p => p[0]), ys: points.filter(p => p[index] != null).map(p => p[index]) });
  const nameOf = state => (state.seed == null ? state.rule : `${state.rule}, seed ${state.seed}`);

  const show = () => {
    isDirty = false;
    byId("title").textContent = list.title || "FeedbackAlignment";
    document.title = `${list.title || "Live"} – FeedbackAlignment`;
    byId("folder").textContent = list.folder;
    byId("more").textContent = list.hasMore ? "There are more runs than are shown here." : "";
    const rules = [...new Set(list.runs.map(state => state.rule))];
    const many = list.runs.length > 12;
    const lines = index => list.runs.map(state => ({
      name: nameOf(state), style: rules.indexOf(state.rule), width: many ? 1 : 2, ...column(runs.get(state.id)?.curve ?? [], index),
    }));
    charts.error.show(lines(3));
    charts.loss.show(lines(1));
    showChoice();
    const chosen = runs.get(byId("choice").value);
    const layers = index => [...chosen?.layers ?? []].map(([name, points], style) => ({ name, style, ...column(points, index) }));
    charts.angle.show(layers(1));
    charts.share.show(layers(3));
    showRows();
    speak();
  };

  const showChoice = () => {
    const choice = byId("choice");
    const ids = list.runs.filter(state => runs.get(state.id)?.layers.size > 0);
    if (ids.map(state => state.id).join("\n") !== [...choice.options].map(option => option.value).join("\n")) {
      const before = choice.value;
      choice.replaceChildren(...ids.map(state => new Option(nameOf(state), state.id)));
      // Backpropagation's angles to itself are 0.
      const first = ids.find(state => state.id === before) ?? ids.find(state => state.rule !== "backpropagation") ?? ids[0];
      choice.value = first?.id ?? "";
    }
  };

  const stateInWords = (state, run) => {
    if (state.ended) {
      return state.reason ? `${state.ended}: ${state.reason}` : state.ended;
    }
    const silent = run ? (performance.now() - run.last) / 1000 : 0;
    return silent > 60 ? `no news for ${Math.floor(silent / 60)} min` : "going on";
  };

  const timeLeft = (state, run) => {
    if (state.ended || !state.totalExamples || !run?.first) {
      return "–";
    }
    const seconds = (performance.now() - run.first.time) / 1000;
    const learned = done(run) - run.first.examples;
    if (learned <= 0 || seconds < 2) {
      return "–";
    }
    const left = (state.totalExamples - done(run)) * seconds / learned;
    return left < 90 ? `${Math.round(left)} s` : left < 5400 ? `${Math.round(left / 60)} min` : `${(left / 3600).toFixed(1)} h`;
  };

  const showRows = () => {
    byId("rows").replaceChildren(...list.runs.map(state => {
      const run = runs.get(state.id);
      const last = run?.curve.at(-1);
      const row = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = state.rule;
      row.append(name);
      const share = state.totalExamples && run ? Math.min(1, done(run) / state.totalExamples) : null;
      const angles = run ? [...run.layers.values()].map(points => points.findLast(point => point[1] != null)?.[1]).filter(angle => angle != null) : [];
      const cells = [
        state.seed ?? "–", stateInWords(state, run), share == null ? "–" : `${Math.floor(100 * share + 1e-6)} %`, timeLeft(state, run),
        last?.[1] == null ? "–" : number(last[1]), last?.[3] == null ? "–" : percent(last[3]), state.testError == null ? "–" : percent(state.testError),
        angles.length === 0 ? "–" : angles.map(degrees).join(" "),
      ];
      for (const text of cells) {
        row.insertCell().textContent = text;
      }
      return row;
    }));
  };

  // A screen reader must not be told of every reading.
  const speak = () => {
    if (performance.now() - lastSpoken > speakEvery || lastSpoken === 0) {
      lastSpoken = performance.now();
      const ended = list.runs.filter(state => state.ended).length;
      byId("summary").textContent = list.runs.length === 0 ? "No run has recorded anything yet." : `${ended} of ${list.runs.length} runs have ended.`;
    }
  };

  byId("hold").addEventListener("click", () => {
    isHeld = !isHeld;
    byId("hold").setAttribute("aria-pressed", String(isHeld));
  });
  byId("choice").addEventListener("change", show);
  setInterval(() => {
    if (!isHeld && !document.hidden && (isDirty || performance.now() - lastSpoken > speakEvery)) {
      show();
    }
  }, drawEvery);
  connect();
})();
