// What a reader would see of a report's page: run at its end, read from the body's data-seen.
const boxes = [...document.querySelectorAll("svg .node")].map((node) => {
  const around = node.querySelector("rect").getBBox();
  return [...node.querySelectorAll("text")].every((text) => {
    const inside = text.getBBox();
    return inside.x >= around.x && inside.x + inside.width <= around.x + around.width
      && inside.y >= around.y && inside.y + inside.height <= around.y + around.height;
  });
});
const lightness = (colour) => {
  const [r, g, b] = colour.match(/\d+/g).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [light, dark] = [lightness(one), lightness(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
const page = getComputedStyle(document.body).backgroundColor;
const behind = (element) => {
  const colour = getComputedStyle(element).backgroundColor;
  return /, 0\)$/.test(colour) ? (element.parentElement ? behind(element.parentElement) : page) : colour;
};
const written = [...document.querySelectorAll("h1, h2, dt, dd, th, td, li, p, code, summary, .label, .quiet")];
const boxed = [...document.querySelectorAll("svg .change")];
document.body.dataset.seen = JSON.stringify({
  page,
  boxes: boxes.length,
  fitting: boxes.every((fits) => fits),
  rows: document.querySelectorAll("#changes tbody tr").length,
  bars: [...document.querySelectorAll(".bar")].map((bar) => Math.round(bar.getBoundingClientRect().width)),
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  broken: [...document.querySelectorAll(".label")].filter((label) => label.getClientRects()[0].height > 30).length,
  loaded: performance.getEntriesByType("resource").length,
  contrast: Math.min(...written.map((element) => contrast(getComputedStyle(element).color, behind(element)))),
  drawn: Math.min(...boxed.map((node) =>
    contrast(getComputedStyle(node.querySelector("text")).fill, getComputedStyle(node.querySelector("rect")).fill))),
});
