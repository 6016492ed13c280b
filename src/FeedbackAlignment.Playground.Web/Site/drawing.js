// Draws a network on canvases: the plane with its points, the units with their pictures, the connections.

export const side = 32;
export const unitSide = 16;
export const reach = 3;
export const forms = ["circle", "triangle", "square", "diamond"];

/** @param {string} name */
const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Red, green, blue of a color such as #0060a8. @param {string} color */
const parts = color => [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));

/** The page's colors, read again when the scheme changes. */
export const palette = () => ({
  classes: [0, 1, 2, 3].map(index => variable(`--class${index}`)), ground: variable("--ground"), text: variable("--text"), soft: variable("--soft"),
  line: variable("--line"), accent: variable("--accent"),
});

/** A canvas as sharp as the screen; coordinates are CSS pixels. @param {HTMLCanvasElement} canvas */
const prepare = canvas => {
  const scale = Math.min(3, devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
};

/** The form of a class, so that color is not all that tells. @param {CanvasRenderingContext2D} context */
const mark = (context, form, x, y, size) => {
  context.beginPath();
  if (form === 0) {
    context.arc(x, y, size, 0, 2 * Math.PI);
  } else if (form === 1) {
    context.moveTo(x, y - 1.3 * size);
    context.lineTo(x + 1.2 * size, y + size);
    context.lineTo(x - 1.2 * size, y + size);
    context.closePath();
  } else if (form === 2) {
    context.rect(x - size, y - size, 2 * size, 2 * size);
  } else {
    context.moveTo(x, y - 1.4 * size);
    context.lineTo(x + 1.2 * size, y);
    context.lineTo(x, y + 1.4 * size);
    context.lineTo(x - 1.2 * size, y);
    context.closePath();
  }
  context.fill();
  context.stroke();
};

const small = document.createElement("canvas");

/** An image of so many places, drawn large. @param {CanvasRenderingContext2D} context @param {(index: number) => number[]} colorAt */
const picture = (context, places, colorAt, x, y, size, smooth) => {
  if (small.width !== places) {
    small.width = small.height = places;
  }
  const brush = small.getContext("2d", { willReadFrequently: true });
  const image = brush.createImageData(places, places);
  for (let index = 0; index < places * places; index++) {
    const [red, green, blue] = colorAt(index);
    image.data.set([red, green, blue, 255], 4 * index);
  }
  brush.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(small, x, y, size, size);
};

const mix = (from, to, share) => from.map((part, index) => part + (to[index] - part) * share);

/** The plane. @param {HTMLCanvasElement} canvas */
export const drawRegion = (canvas, bytes, points, classes, chosen, colors) => {
  const { context, width } = prepare(canvas);
  const ground = parts(colors.ground);
  const shades = colors.classes.map(parts);
  if (bytes) {
    picture(context, side, index => {
      const sure = bytes[2 * index + 1] / 255;
      const least = 1 / classes;
      return mix(ground, shades[bytes[2 * index] % 4], 0.05 + 0.55 * Math.max(0, (sure - least) / (1 - least)));
    }, 0, 0, width, true);
  }
  const at = value => (value / reach + 1) / 2 * width;
  context.strokeStyle = colors.ground;
  context.lineWidth = 1;
  for (let index = 0; index < points.length; index += 4) {
    const [x, y, label, isTest] = points.slice(index, index + 4);
    context.fillStyle = colors.classes[label];
    mark(context, label, at(x), at(-y), isTest ? 1.6 : 3);
  }
  if (chosen) {
    context.strokeStyle = colors.text;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(at(chosen[0]), at(-chosen[1]), 8, 0, 2 * Math.PI);
    context.stroke();
  }
};

/** Where the units are. @returns {{x: number, y: number, size: number}[][]} by layer, input first */
export const layOut = (sizes, width, height, isPictures) => {
  if (isPictures) {
    // The first hidden layer is a wall of pictures.
    const columns = Math.ceil(Math.sqrt(sizes[1] * width * 0.8 / height));
    const size = Math.min(width * 0.8 / columns, height / Math.ceil(sizes[1] / columns)) - 2;
    const wall = Array.from({ length: sizes[1] }, (_, unit) => ({ x: (unit % columns) * (size + 2) + size / 2, y: Math.floor(unit / columns) * (size + 2) + size / 2, size }));
    const rest = sizes.slice(2);
    return [[], wall, ...rest.map((count, layer) => column(count, width * 0.8 + (layer + 1) * width * 0.2 / (rest.length + 0.5), height, 16))];
  }
  const gap = width / sizes.length;
  return sizes.map((count, layer) => column(count, gap * (layer + 0.5), height, Math.min(40, gap * 0.6)));
};

const column = (count, x, height, most) => {
  const size = Math.max(2, Math.min(most, height / count - 3));
  const step = Math.min(size + 8, height / count);
  return Array.from({ length: count }, (_, unit) => ({ x, y: height / 2 + (unit - (count - 1) / 2) * step, size }));
};

/** All connections of one matrix, rows × columns. @param {CanvasRenderingContext2D} context */
const connect = (context, left, right, matrix, color, offset, bend) => {
  const { rows, columns, numbers } = matrix;
  if (rows * columns > 1200 || left.length === 0) {
    return;
  }
  let greatest = 1e-9;
  for (let index = 0; index < rows * columns; index++) {
    greatest = Math.max(greatest, Math.abs(numbers[matrix.from + index]));
  }
  context.strokeStyle = color;
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < columns; at++) {
      const weight = numbers[matrix.from + row * columns + at] / greatest;
      if (Math.abs(weight) < 0.04) {
        continue;
      }
      const [a, b] = [left[at], right[row]];
      context.globalAlpha = 0.15 + 0.7 * Math.abs(weight);
      context.lineWidth = 0.4 + 2.6 * Math.abs(weight);
      context.setLineDash(weight < 0 ? [4, 3] : []);
      const [x0, x1] = [a.x + a.size / 2, b.x - b.size / 2];
      context.beginPath();
      context.moveTo(x0, a.y + offset);
      context.bezierCurveTo(x0 + (x1 - x0) * 0.4, a.y + offset + bend, x0 + (x1 - x0) * 0.6, b.y + offset + bend, x1, b.y + offset);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
};

/**
 * The network.
 * @param {HTMLCanvasElement} canvas
 * @param {{sizes: number[], kind: string, weights: ?Float64Array, feedback: ?Float64Array, units: ?Uint8Array, lines: string, chosen: ?number[]}} net
 */
export const drawNetwork = (canvas, net, colors) => {
  const { context, width, height } = prepare(canvas);
  const isPictures = net.kind === "pictures";
  const places = layOut(net.sizes, width, height, isPictures);
  if (net.weights && net.lines !== "feedback") {
    let from = 0;
    for (let layer = 1; layer < net.sizes.length; layer++) {
      const [rows, columns] = [net.sizes[layer], net.sizes[layer - 1]];
      connect(context, places[layer - 1], places[layer], { rows, columns, numbers: net.weights, from }, colors.accent, 0, 0);
      from += rows * columns;
    }
  }
  if (net.feedback && net.lines !== "forward") {
    for (let at = 0; at < net.feedback.length;) {
      const [above, to, rows, columns] = net.feedback.slice(at, at + 4);
      connect(context, places[to + 1], places[above + 1], { rows, columns, numbers: net.feedback, from: at + 4 }, colors.classes[1], 3, net.lines === "both" ? 10 : 0);
      at += 4 + rows * columns;
    }
  }
  const [ground, low, high] = [parts(colors.ground), parts(colors.classes[0]), parts(colors.classes[1])];
  const shade = byte => mix(ground, byte < 128 ? low : high, Math.min(1, Math.abs(byte - 128) / 127));
  let before = 0;
  places.forEach((units, layer) => {
    const isHidden = layer > 0 && layer < places.length - 1;
    units.forEach((place, unit) => {
      const [x, y] = [place.x - place.size / 2, place.y - place.size / 2];
      const hasPicture = net.units && isHidden && (!isPictures || layer === 1) && net.kind !== "vectors";
      if (hasPicture) {
        const pixels = isPictures ? 28 : unitSide;
        const start = (isPictures ? unit : before + unit) * pixels * pixels;
        picture(context, pixels, index => shade(net.units[start + index]), x, y, place.size, false);
      } else {
        context.fillStyle = colors.line;
        context.fillRect(x, y, place.size, place.size);
      }
      const isChosen = net.chosen && isHidden && net.chosen[0] === layer - 1 && net.chosen[1] === unit;
      context.strokeStyle = isChosen ? colors.text : colors.soft;
      context.lineWidth = isChosen ? 3 : 0.7;
      context.strokeRect(x, y, place.size, place.size);
    });
    before += isHidden ? units.length : 0;
  });
  return places;
};
