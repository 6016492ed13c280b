using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Networks.Modules;

/// <summary>
/// h(t) = tanh(W x(t) + b + U h(t − 1)) over a few steps, whose inputs stand side by side: what the seam must allow, without what a user
/// would want.
/// </summary>
internal sealed class Recurrence : Module
{
    public Recurrence(string name, int steps, int inputs, int units, Compute compute)
        : base(name, Shape.Flat(steps * inputs), Shape.Flat(units))
    {
        Steps = steps;
        FromInputs = WeightedLayer.Dense($"{name}/inputs", inputs, units, Activation.Linear, bias: true, compute);
        FromBefore = WeightedLayer.Dense($"{name}/before", units, units, Activation.Linear, bias: false, compute);
    }

    public int Steps { get; }

    public WeightedLayer FromInputs { get; }

    public WeightedLayer FromBefore { get; }

    public override IReadOnlyList<Module> Children => [FromInputs, FromBefore];

    public override bool IsActivation => true;

    public override ModuleRun Begin(RunSetup setup)
    {
        foreach (var child in Children)
        {
            setup.Begin(child);
        }

        return new Run(this, setup.MaxBatch);
    }

    /// <summary>Rows lie step by step, in each step example by example.</summary>
    private sealed class Run(Recurrence module, int maxBatch) : ModuleRun
    {
        private readonly Matrix _inputs = new(module.Steps * maxBatch, module.FromInputs.Inputs);
        private readonly Matrix _states = new(module.Steps * maxBatch, module.To.Size);
        private readonly Matrix _fromBefore = new(maxBatch, module.To.Size);
        private readonly Matrix _errors = new(module.Steps * maxBatch, module.To.Size);
        private readonly Matrix _stepBelow = new(maxBatch, module.FromInputs.Inputs);
        private readonly Matrix _below = new(maxBatch, module.From.Size);
        private int _batch;

        public override void Forward(Matrix input, PassMode mode)
        {
            _batch = input.Rows;
            for (var step = 0; step < module.Steps; step++)
            {
                Copy(input, step * _inputs.Columns, Of(_inputs, step), 0, _inputs.Columns);
            }

            module.FromInputs.Forward(_inputs.Top(module.Steps * _batch), _states.Top(module.Steps * _batch));
            for (var step = 0; step < module.Steps; step++)
            {
                var state = Of(_states, step);
                if (step > 0)
                {
                    var fromBefore = _fromBefore.Top(_batch);
                    module.FromBefore.Forward(Of(_states, step - 1), fromBefore);
                    for (var row = 0; row < _batch; row++)
                    {
                        for (var unit = 0; unit < state.Columns; unit++)
                        {
                            state[row, unit] += fromBefore[row, unit];
                        }
                    }
                }

                Activation.Tanh.Apply(state);
            }

            Output = Of(_states, module.Steps - 1);
        }

        public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
        {
            var last = module.Steps - 1;
            Of(_errors, last).CopyFrom(error);
            for (var step = last; step >= 0; step--)
            {
                Activation.Tanh.MultiplyByDerivative(Of(_errors, step), default, Of(_states, step));
                if (step > 0)
                {
                    // No product goes into the memory of one of its factors.
                    var before = _fromBefore.Top(_batch);
                    walk.Cross(module.FromBefore, step, Of(_errors, step), Of(_states, step - 1), before);
                    Of(_errors, step - 1).CopyFrom(before);
                }
            }

            walk.Learn(module.FromInputs, _errors.Top(module.Steps * _batch), _inputs.Top(module.Steps * _batch));
            if (last > 0)
            {
                walk.Learn(module.FromBefore, _errors.Slice(_batch, last * _batch), _states.Top(last * _batch));
            }

            return isWanted ? Below(walk) : default;
        }

        private Matrix Below(Walk walk)
        {
            var below = _below.Top(_batch);
            for (var step = module.Steps - 1; step >= 0; step--)
            {
                var (at, from) = (_stepBelow.Top(_batch), step * _inputs.Columns);
                walk.Cross(module.FromInputs, step, Of(_errors, step), Of(_inputs, step), at);
                Copy(at, 0, below, from, _inputs.Columns);
            }

            return below;
        }

        private static void Copy(Matrix source, int from, Matrix target, int to, int columns)
        {
            for (var row = 0; row < source.Rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    target[row, to + column] = source[row, from + column];
                }
            }
        }

        private Matrix Of(Matrix all, int step) => all.Slice(step * _batch, _batch);
    }
}
