// Draws stacked bars from the figures that stand in the page as JSON. The same figures stand in a table below, so nothing
// is lost where this does not run. Colours, patterns and type are those of the stylesheet.

const TILE = 6;
const ROOM = 18;
const LETTERS = 10;
const PAPER = { width: 680, height: 175, sharpness: 3 };
const PICTURE = { width: 1120, height: 420, sharpness: 2, margin: 40 };
const root = document.documentElement;
const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();

/** What ``draw`` gives, drawn in the light colours: those of paper, and of pictures, which go into papers. */
function inLight(draw) {
  const theme = root.dataset.theme;
  root.dataset.theme = "light";
  try {
    return draw();
  } finally {
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
  }
}

const STROKES = {
  diagonal: [[0, TILE, TILE, 0], [-1, 1, 1, -1], [TILE - 1, TILE + 1, TILE + 1, TILE - 1]],
  lines: [[0, TILE / 2, TILE, TILE / 2]],
  bars: [[TILE / 2, 0, TILE / 2, TILE]],
  grid: [[0, TILE / 2, TILE, TILE / 2], [TILE / 2, 0, TILE / 2, TILE]],
};

/** What a kind's bars are filled with: its tint, and on it the lines or dots that tell it from the others without colour. */
function fillOf(kind, sharpness) {
  const shape = token(`--kind-${kind}-pattern`);
  const tint = token(`--kind-${kind}`);
  if (!STROKES[shape] && shape !== "dots") return tint;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * sharpness;
  const pen = tile.getContext("2d");
  pen.scale(sharpness, sharpness);
  pen.fillStyle = tint;
  pen.fillRect(0, 0, TILE, TILE);
  pen.fillStyle = pen.strokeStyle = token(`--kind-${kind}-line`);
  pen.beginPath();
  for (const [x1, y1, x2, y2] of STROKES[shape] ?? []) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  if (shape === "dots") {
    pen.arc(TILE / 2, TILE / 2, 1, 0, 2 * Math.PI);
    pen.fill();
  }
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / sharpness));
  return pattern;
}

const onlyBars = (sets) => sets.filter((set) => set.type !== "line");

/** Where the number of a bar stands: just above the bar, or above the plan's line where that would run through it. */
function baseOf(scale, total, planned) {
  const base = scale.getPixelForValue(total) - 5;
  if (planned === undefined) return base;
  const line = scale.getPixelForValue(planned);
  return line > base - LETTERS - 4 && line < base + 5 ? line - 6 : base;
}

/** The number of all kinds above each month's bar, so that no one has to measure against the axis. */
const totals = {
  id: "totals",
  afterDatasetsDraw(chart) {
    const { ctx, scales, data } = chart;
    // Narrow bars have no room for numbers beside each other.
    if (chart.chartArea.width / data.labels.length < ROOM) return;
    const plan = data.datasets.find((set) => set.type === "line");
    ctx.save();
    ctx.font = `600 13px ${token("--font")}`;
    ctx.fillStyle = token("--ink");
    ctx.textAlign = "center";
    data.labels.forEach((label, month) => {
      const total = onlyBars(data.datasets).reduce((sum, set) => sum + set.data[month], 0);
      if (total) ctx.fillText(total, scales.x.getPixelForValue(month), baseOf(scales.y, total, plan?.data[month]));
    });
    ctx.restore();
  },
};

/** The plan as a line over the bars, where there is one. */
function lineOf(plan) {
  if (!plan) return [];
  const ink = token("--ink");
  return [{
    type: "line",
    label: plan.name,
    data: plan.counts,
    stack: "plan",
    order: -1,
    borderColor: ink,
    borderDash: [5, 4],
    borderWidth: 2,
    pointBackgroundColor: token("--card"),
    pointBorderColor: ink,
    pointRadius: 3,
  }];
}

function configuration({ labels, names, series, plan }, sharpness) {
  const muted = token("--muted");
  const font = { family: token("--font"), size: 13 };
  return {
    type: "bar",
    plugins: [totals],
    data: {
      labels,
      datasets: series.map(({ kind, name, counts }) => [fillOf(kind, sharpness), kind, name, counts]).map(([fill, kind, name, counts]) => ({
        label: name,
        data: counts,
        stack: "held",
        backgroundColor: fill,
        hoverBackgroundColor: fill,
        borderColor: token(`--kind-${kind}-line`),
        borderWidth: 1,
        hoverBorderColor: token("--ink"),
        hoverBorderWidth: 3,
        borderSkipped: false,
        borderRadius: 2,
        maxBarThickness: 34,
      })).concat(lineOf(plan)),
    },
    options: {
      animation: false,
      devicePixelRatio: sharpness,
      maintainAspectRatio: false,
      layout: { padding: { top: 18 } },
      scales: {
        x: { stacked: true, grid: { display: false }, border: { color: muted }, ticks: { color: muted, font, maxRotation: Array.isArray(labels[0]) ? 0 : 50 } },
        y: {
          stacked: true,
          beginAtZero: true,
          grid: { color: token("--hairline") },
          border: { display: false },
          ticks: { color: muted, font, precision: 0 },
        },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          mode: "index",
          titleFont: font,
          bodyFont: font,
          backgroundColor: token("--ink"),
          titleColor: token("--card"),
          bodyColor: token("--card"),
          filter: (item) => item.raw > 0,
          callbacks: { title: (items) => items.length ? names[items[0].dataIndex] : "" },
        },
      },
      onHover: (event, [bar]) => { event.native.target.style.cursor = bar ? "pointer" : "default"; },
      onClick(event, bars, chart) {
        const [bar] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false);
        if (series[bar?.datasetIndex]) window.location.assign(series[bar.datasetIndex].urls[bar.index]);
      },
    },
  };
}

const canvasOf = (frame) => frame.querySelector("canvas");
const chartOf = (frame) => window.Chart.getChart(canvasOf(frame));
const figuresOf = (frame) => JSON.parse(document.getElementById(frame.dataset.chart).textContent);

/** A chart of a fixed size, however large what it stands in is. */
function drawFixed(canvas, figures, { width, height, sharpness }) {
  canvas.width = width;
  canvas.height = height;
  const settings = configuration(figures, sharpness);
  settings.options.responsive = false;
  return new window.Chart(canvas, settings);
}

function draw(frame, onPaper) {
  chartOf(frame)?.destroy();
  const figures = figuresOf(frame);
  if (onPaper) inLight(() => drawFixed(canvasOf(frame), figures, PAPER));
  else new window.Chart(canvasOf(frame), configuration(figures, Math.ceil(window.devicePixelRatio)));
  frame.dataset.drawn = "";
}

/** Arrow keys walk the bars, Enter opens the engagements of one, Escape leaves; each step is said. */
function listenToKeys(frame) {
  const { names, series } = figuresOf(frame);
  const said = frame.parentElement.querySelector("[data-chart-said]");
  const table = frame.parentElement.querySelector("summary");
  let month = null;
  let bar = null;
  const barsOf = (place) => series.map((_, set) => set).filter((set) => series[set].counts[place]);

  function show() {
    const active = bar === null ? [] : [{ datasetIndex: bar, index: month }];
    const chart = chartOf(frame);
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    chart.update();
    if (month === null) said.textContent = "";
    else if (bar === null) said.textContent = `${names[month]}: none`;
    else said.textContent = `${names[month]}, ${series[bar].name}: ${series[bar].counts[month]}`;
  }

  function toMonth(place) {
    month = Math.min(Math.max(place, 0), names.length - 1);
    const bars = barsOf(month);
    if (!bars.includes(bar)) bar = bars[0] ?? null;
  }

  function toBar(step) {
    if (month === null) return toMonth(0);
    const bars = barsOf(month);
    bar = bars[Math.min(Math.max(bars.indexOf(bar) + step, 0), bars.length - 1)] ?? null;
  }

  function leave() {
    month = bar = null;
    show();
  }

  const keys = {
    ArrowRight: () => toMonth(month === null ? 0 : month + 1),
    ArrowLeft: () => toMonth(month === null ? names.length - 1 : month - 1),
    Home: () => toMonth(0),
    End: () => toMonth(names.length - 1),
    ArrowUp: () => toBar(1),
    ArrowDown: () => toBar(-1),
    Enter: () => { if (bar !== null) window.location.assign(series[bar].urls[month]); },
    Escape: () => table.focus(),
  };

  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", frame.dataset.label);
  frame.addEventListener("blur", leave);
  frame.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
    if (document.activeElement === frame) show();
  });
}

/** The names of the kinds with what their bars are filled with, in lines; gives where the last line ends. */
function drawLegend(pen, figures, left, top, right, sharpness) {
  const entries = figures.series.map(({ kind, name }) => [name, fillOf(kind, sharpness), token(`--kind-${kind}-line`)]);
  if (figures.plan) entries.push([figures.plan.name, null, token("--ink")]);
  pen.font = `15px ${token("--font")}`;
  let [x, y] = [left, top];
  for (const [name, fill, line] of entries) {
    const width = 26 + pen.measureText(name).width;
    if (x + width > right) [x, y] = [left, y + 26];
    pen.fillStyle = fill ?? line;
    pen.strokeStyle = line;
    if (fill) {
      pen.fillRect(x, y - 13, 16, 16);
      pen.strokeRect(x, y - 13, 16, 16);
    } else {
      pen.fillRect(x, y - 6, 6, 2);
      pen.fillRect(x + 10, y - 6, 6, 2);
    }
    pen.fillStyle = token("--ink");
    pen.fillText(name, x + 24, y);
    x += width + 20;
  }
  return y;
}

/** The chart on a sheet of its own, with what somebody needs to know who sees nothing else of the page. */
function pictureOf(frame) {
  const { width, height, sharpness, margin } = PICTURE;
  const figures = figuresOf(frame);
  const sheet = document.createElement("canvas");
  sheet.width = (width + 2 * margin) * sharpness;
  sheet.height = (height + 200) * sharpness;
  const pen = sheet.getContext("2d");
  pen.scale(sharpness, sharpness);
  pen.fillStyle = token("--card");
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.fillStyle = token("--ink");
  pen.font = `700 24px ${token("--font")}`;
  pen.fillText(frame.dataset.title, margin, 54, width);
  pen.fillStyle = token("--muted");
  pen.font = `16px ${token("--font")}`;
  pen.fillText(frame.dataset.note, margin, 82, width);
  const drawing = document.createElement("canvas");
  const chart = drawFixed(drawing, figures, PICTURE);
  chart.draw();
  pen.drawImage(drawing, margin, 100, width, height);
  chart.destroy();
  drawLegend(pen, figures, margin, 100 + height + 36, width + margin, sharpness);
  return sheet;
}

function offerPicture(frame) {
  const button = frame.parentElement.querySelector("[data-chart-png]");
  button.hidden = false;
  button.addEventListener("click", () => {
    inLight(() => pictureOf(frame)).toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = frame.dataset.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }, "image/png");
  });
}

function openTables(frames) {
  for (const frame of frames) {
    frame.hidden = true;
    for (const table of frame.parentElement.querySelectorAll("details")) table.open = true;
  }
}

const frames = [...document.querySelectorAll("[data-chart]")];
const paper = window.matchMedia("print");
const drawAll = (onPaper = paper.matches) => frames.forEach((frame) => draw(frame, onPaper));

function begin() {
  drawAll();
  frames.forEach(listenToKeys);
  frames.forEach(offerPicture);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
  paper.addEventListener("change", () => drawAll());
  window.addEventListener("beforeprint", () => drawAll(true));
  window.addEventListener("afterprint", () => drawAll(false));
}

if (window.Chart) {
  // Before the font is there, labels would be measured in another one.
  const font = token("--font");
  // In a turn of its own: reading Chart.js has just kept a slow telephone from answering to a finger.
  const soon = () => setTimeout(begin);
  Promise.all([document.fonts.load(`13px ${font}`), document.fonts.ready]).then(soon, soon);
} else {
  openTables(frames);
}
