// Eight steps. Each is checked by what the networks do, not by what was pressed.

const degrees = value => `${Math.round(value)}°`;
const last = state => state.angles.at(-1);

/**
 * @typedef {{title: string, text: string, action: string, act: (game: object) => void, look: (state: object, memory: object) => [boolean, string]}} TourStep
 * @type {TourStep[]}
 */
export const steps = [
  {
    title: "1. The same start",
    text: "Two networks are to tell the points of a ring from those in its middle. They begin with the same weights, so they give the same wrong answers.",
    action: "Set it up", act: game => game.begin("task=circle&rule=feedback-alignment&hidden=8-8&rate=0.1&seed=1", false),
    look: state => [state.examples === 0 && state.task === "circle" && state.errors[0] === state.errors[1], state.task === "circle" && state.examples === 0 ? `Both answer ${percent(state.errors[0])} of the test points wrongly.` : "Set it up first."],
  },
  {
    title: "2. Both learn",
    text: "Run. The first network sends its mistakes back through its own weights, the second through random numbers B that never change. Still its colors begin to fit the points.",
    action: "Run", act: game => game.run(true),
    look: state => [state.examples > 0 && state.errors[1] < 0.1, `The second network is down to ${percent(state.errors[1])} wrong.`],
  },
  {
    title: "3. The angle falls",
    text: "Why does it work? Look at the angle between the mistakes that arrive and the ones that backpropagation would send. It begins near 90°, where they tell nothing. It falls by itself: the weights turn towards B.",
    action: "Run on", act: game => game.run(true),
    look: state => [last(state) < 60, `At the last hidden layer the angle is ${degrees(last(state))}; below 60° is what we look for.`],
  },
  {
    title: "4. Is it this B?",
    text: "Give the network another random B. All that it had adapted to is gone, and the angle jumps.",
    action: "Redraw B", act: game => game.intervene("redraw"),
    look: (state, memory) => [memory.jump >= 10, memory.jump === undefined ? "B has not been redrawn yet." : `The largest change of an angle was ${degrees(memory.jump)}.`],
  },
  {
    title: "5. It comes back",
    text: "Any B will do: the network has to learn what its mistakes mean through the new one. More noise in the points gives it more mistakes to learn from.",
    action: "Begin with more noise, and run", act: game => { game.begin("task=circle&rule=feedback-alignment&hidden=8-8&rate=0.1&noise=25&seed=2", true); },
    look: state => [state.examples > 1000 && last(state) < 60, `After ${state.examples} examples the angle is ${degrees(last(state))}, with another B and other points.`],
  },
  {
    title: "6. The limit",
    text: "Copy the forward weights into B. Now the same mistakes arrive as under backpropagation: the angle is 0°. As the weights go on learning, B stays behind.",
    action: "Pause, and B := Wᵀ", act: game => { game.run(false); game.intervene("copy"); },
    look: state => [state.angles.every(angle => angle < 1), `The angles are ${state.angles.map(degrees).join(" and ")}.`],
  },
  {
    title: "7. Do hidden layers matter?",
    text: "Freeze the hidden layers: only the last layer learns. If the mistakes that reach the hidden layers were useless, this would be as good. On the spiral it is not.",
    action: "Spiral with frozen layers, and run", act: game => { game.begin("task=spiral&rule=shallow&hidden=16-16&rate=0.1&noise=0&seed=1", true); game.speed(1000); },
    look: state => [state.rule === "shallow" && state.examples > 20000 && state.errors[1] > state.errors[0] + 0.05, `With frozen hidden layers ${percent(state.errors[1])} are wrong, with backpropagation ${percent(state.errors[0])}.`],
  },
  {
    title: "8. The claim",
    text: "So this is the paper’s claim: a network can learn its hidden layers through fixed random feedback. It need not know its own weights on the way back; it learns to make the feedback useful. This is the paper’s own first task.",
    action: "The linear task, and run", act: game => { game.begin("task=linear&rule=feedback-alignment", true); game.speed(100); },
    look: state => [state.task === "linear" && last(state) < 60 && state.errors[1] < 0.1, `${percent(state.errors[1])} of the task is left to learn, with backpropagation ${percent(state.errors[0])}; the angle is ${degrees(last(state))}.`],
  },
];

const percent = value => `${(100 * value).toFixed(1)} %`;
