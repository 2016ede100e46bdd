// Draws stacked bars from the figures that stand in the page as JSON. The same figures stand in a table below, so nothing
// is lost where this does not run. Colours, patterns and type are those of the stylesheet.

const TILE = 6;
const style = () => getComputedStyle(document.documentElement);
const token = (name) => style().getPropertyValue(name).trim();

const STROKES = {
  diagonal: [[0, TILE, TILE, 0], [-1, 1, 1, -1], [TILE - 1, TILE + 1, TILE + 1, TILE - 1]],
  lines: [[0, TILE / 2, TILE, TILE / 2]],
  bars: [[TILE / 2, 0, TILE / 2, TILE]],
  grid: [[0, TILE / 2, TILE, TILE / 2], [TILE / 2, 0, TILE / 2, TILE]],
};

/** What a kind's bars are filled with: its tint, and on it the lines or dots that tell it from the others without colour. */
function fillOf(kind) {
  const shape = token(`--kind-${kind}-pattern`);
  const tint = token(`--kind-${kind}`);
  if (!STROKES[shape] && shape !== "dots") return tint;
  const sharpness = Math.ceil(window.devicePixelRatio);
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

/** The number of all kinds above each month's bar, so that no one has to measure against the axis. */
const totals = {
  id: "totals",
  afterDatasetsDraw(chart) {
    const { ctx, scales, data } = chart;
    ctx.save();
    ctx.font = `600 13px ${token("--font")}`;
    ctx.fillStyle = token("--ink");
    ctx.textAlign = "center";
    data.labels.forEach((label, month) => {
      const total = data.datasets.reduce((sum, set) => sum + set.data[month], 0);
      if (total) ctx.fillText(total, scales.x.getPixelForValue(month), scales.y.getPixelForValue(total) - 5);
    });
    ctx.restore();
  },
};

function configuration({ labels, names, series }) {
  const muted = token("--muted");
  const font = { family: token("--font"), size: 13 };
  return {
    type: "bar",
    plugins: [totals],
    data: {
      labels,
      datasets: series.map(({ kind, name, counts, urls }) => ({
        label: name,
        data: counts,
        urls,
        backgroundColor: fillOf(kind),
        borderColor: token(`--kind-${kind}-line`),
        borderWidth: 1,
        borderSkipped: false,
        borderRadius: 2,
        maxBarThickness: 34,
      })),
    },
    options: {
      animation: false,
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
        if (bar) window.location.assign(series[bar.datasetIndex].urls[bar.index]);
      },
    },
  };
}

function draw(frame) {
  const canvas = frame.querySelector("canvas");
  const figures = JSON.parse(document.getElementById(frame.dataset.chart).textContent);
  window.Chart.getChart(canvas)?.destroy();
  new window.Chart(canvas, configuration(figures));
  frame.dataset.drawn = "";
}

function openTables(frames) {
  for (const frame of frames) {
    frame.hidden = true;
    for (const table of frame.parentElement.querySelectorAll("details")) table.open = true;
  }
}

const frames = [...document.querySelectorAll("[data-chart]")];
const drawAll = () => frames.forEach(draw);

if (window.Chart) {
  // Before the font is there, labels would be measured in another one.
  document.fonts.ready.then(drawAll);
  for (const medium of ["(prefers-color-scheme: dark)", "print"]) {
    window.matchMedia(medium).addEventListener("change", drawAll);
  }
} else {
  openTables(frames);
}
