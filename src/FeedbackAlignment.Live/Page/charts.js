// Charts of readings over examples, by uPlot. Each has a table of some of its numbers, for whoever cannot see the lines.
"use strict";

const Charts = (() => {
  const colors = { light: ["#0060a8", "#b34700", "#00735a", "#9b2f8f", "#7a5c00", "#4d4d4d"], dark: ["#66b7f0", "#ff9d5c", "#4cd0ae", "#e79ade", "#e0c04d", "#c8c8c8"] };
  const dashes = [[], [10, 4], [3, 3], [10, 4, 3, 4], [16, 5], [6, 3, 2, 3, 2, 3]];
  const rowsOfTable = 10;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const all = new Set();

  const palette = () => (dark.matches ? colors.dark : colors.light);
  const styleOf = index => ({ stroke: palette()[index % 6], dash: dashes[(index + Math.floor(index / 6)) % 6] });
  const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

  class Chart {
    // format: how a value is written; range: the vertical axis, or null.
    constructor(element, name, format, range) {
      Object.assign(this, { element, name, format, range, lines: [], key: "", plot: null });
      this.canvas = document.createElement("div");
      this.details = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "The numbers as a table";
      this.scroll = document.createElement("div");
      this.scroll.className = "scroll";
      this.scroll.tabIndex = 0;
      this.scroll.setAttribute("role", "region");
      this.scroll.setAttribute("aria-label", `${name}, the numbers`);
      this.details.append(summary, this.scroll);
      this.details.addEventListener("toggle", () => this.fillTable());
      element.append(this.canvas, this.details);
      new ResizeObserver(() => this.plot?.setSize(this.size())).observe(element);
      all.add(this);
    }

    size() {
      return { width: Math.max(200, this.element.clientWidth), height: 240 };
    }

    // lines: [{ name, style, xs, ys }] with ascending xs.
    show(lines) {
      this.lines = lines.filter(line => line.xs.length > 0);
      const key = JSON.stringify(this.lines.map(line => [line.name, line.style, line.width]));
      const tables = this.lines.map(line => [line.xs, line.ys]);
      const data = tables.length === 0 ? [[]] : uPlot.join(tables, tables.map(() => [2]));
      if (key !== this.key || !this.plot) {
        this.key = key;
        this.draw(data);
      } else {
        this.plot.setData(data);
      }
      if (this.details.open) {
        this.fillTable();
      }
    }

    draw(data) {
      this.plot?.destroy();
      const axis = { stroke: variable("--text"), grid: { stroke: variable("--line"), width: 1 }, ticks: { stroke: variable("--line"), width: 1 } };
      const options = {
        ...this.size(),
        scales: { x: { time: false }, y: this.range ? { range: this.range } : { range: (_, low, high) => uPlot.rangeNum(low, high, 0.1, true) } },
        axes: [
          { ...axis, values: (_, ticks) => ticks.map(tick => short.format(tick)), label: "training examples", labelSize: 20 },
          { ...axis, values: (_, ticks) => ticks.map(tick => this.format(tick)), size: 64 },
        ],
        series: [
          { label: "examples", value: (_, value) => (value == null ? "–" : short.format(value)) },
          ...this.lines.map(line => ({
            label: line.name, spanGaps: true, points: { show: line.xs.length < 3 }, width: line.width ?? 2, ...styleOf(line.style),
            value: (_, value) => (value == null ? "–" : this.format(value)),
          })),
        ],
        legend: { show: this.lines.length > 0 && this.lines.length <= 24, markers: { width: 3, stroke: (_, index) => styleOf(this.lines[index - 1].style).stroke, dash: (_, index) => (styleOf(this.lines[index - 1].style).dash.length > 0 ? "dashed" : "solid") } },
        cursor: { drag: { x: true, y: false } },
      };
      this.plot = new uPlot(options, data, this.canvas);
      this.plot.root.setAttribute("role", "img");
      this.plot.root.setAttribute("aria-label", `${this.name}, as lines; the numbers are in the table below`);
    }

    fillTable() {
      if (!this.details.open) {
        return;
      }
      const table = document.createElement("table");
      const caption = document.createElement("caption");
      caption.textContent = this.name;
      const head = table.createTHead().insertRow();
      for (const title of ["Examples", ...this.lines.map(line => line.name)]) {
        const cell = document.createElement("th");
        cell.scope = "col";
        cell.textContent = title;
        head.append(cell);
      }
      const places = [...new Set(this.lines.flatMap(line => line.xs))].sort((a, b) => a - b);
      const step = Math.max(1, Math.ceil(places.length / rowsOfTable));
      const body = table.createTBody();
      places.filter((_, index) => index % step === 0 || index === places.length - 1).forEach(place => {
        const row = body.insertRow();
        row.insertCell().textContent = place.toLocaleString("en");
        for (const line of this.lines) {
          const value = line.ys[line.xs.findLastIndex(x => x <= place)];
          row.insertCell().textContent = value == null ? "–" : this.format(value);
        }
      });
      table.prepend(caption);
      this.scroll.replaceChildren(table);
    }
  }

  dark.addEventListener("change", () => all.forEach(chart => {
    chart.key = "";
    chart.show(chart.lines);
  }));
  return { Chart };
})();
