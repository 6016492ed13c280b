// The one .NET runtime. It answers one message after the other; the page asks for the next frame when it has drawn the last.
import { dotnet } from "./_framework/dotnet.js";

const mostShown = 6000;
let engine = null;
let shown = true;

/** @param {string} said What the engine said: "! " before what is wrong. */
const outcome = said => (said.startsWith("! ") ? { error: said.slice(2) } : { said });

const answers = {
  begin: ({ settings }) => {
    const { error, said } = outcome(engine.Begin(settings));
    shown = !error && engine.Sizes().slice(1).reduce((sum, size, layer) => sum + size * engine.Sizes()[layer], 0) <= mostShown;
    return error ? { error } : { settings: said, sizes: engine.Sizes(), points: engine.Points(), measured: engine.Measured() };
  },
  intervene: ({ what }) => outcome(engine.Intervene(what)),
  rate: ({ value }) => {
    engine.SetRate(value);
    return {};
  },
  fingerprint: () => ({ fingerprints: [engine.Fingerprint(0), engine.Fingerprint(1)] }),
  // examples to learn from; want: what to look at afterwards.
  frame: ({ examples, want, example }) => {
    const view = {};
    if (examples > 0) {
      view.examples = engine.Learn(examples);
    }
    if (want.includes("readings")) {
      view.readings = engine.Readings();
      view.errors = engine.ErrorsOf(example);
    } else if (want.includes("errors")) {
      view.errors = engine.ErrorsOf(example);
    }
    for (const which of [0, 1]) {
      if (want.includes(`pictures${which}`)) {
        view[`pictures${which}`] = engine.Pictures(which);
      }
    }
    if (want.includes("weights")) {
      // So many numbers are not drawn as lines; of digits the first layer is shown as pictures.
      view.weights = shown ? [engine.Weights(0), engine.Weights(1)] : [null, null];
      view.feedback = engine.Feedback();
    }
    return view;
  },
};

onmessage = ({ data }) => {
  const begin = performance.now();
  let answer;
  try {
    answer = answers[data.do](data);
  } catch (trouble) {
    answer = { failure: String(trouble) };
  }
  postMessage({ id: data.id, ...answer, work: performance.now() - begin });
};

try {
  const { getAssemblyExports, getConfig } = await dotnet.create();
  engine = (await getAssemblyExports(getConfig().mainAssemblyName)).FeedbackAlignment.Playground.Web.Program;
  engine.WarmUp();
  postMessage({ id: "ready", choices: engine.Choices() });
} catch (trouble) {
  postMessage({ id: "ready", failure: String(trouble) });
}
