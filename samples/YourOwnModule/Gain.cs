using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace YourOwnModule;

/// <summary>An example of a module: each unit's signal times a factor that is learned, y = g ∘ x.</summary>
/// <param name="name">Its name.</param>
/// <param name="units">Number of units.</param>
/// <param name="start">All factors at the beginning.</param>
internal sealed class Gain(string name, int units, double start) : Module(name, Shape.Flat(units), Shape.Flat(units))
{
    private static readonly ModuleArgument _start = new("start", 1, "The factor of each unit at the beginning.") { Above = 0 };

    private readonly Parameter _factors = new($"{name}.factors", ParameterKind.Scale, Filled(units, (float)start));

    /// <summary>Its line in a catalog: <c>gain</c> or <c>gain 0.5</c> in a row of modules.</summary>
    public static ModuleEntry Entry { get; } = new ModuleEntry<Gain>(
        "gain",
        "Each unit's signal times a factor that is learned.",
        (planned, streams) => new Gain(planned.Name, planned.Inputs, planned.Argument(_start)))
    {
        Arguments = [_start],
        Parameters = planned => [new("factors", 1, planned.Inputs)],
    };

    public override IEnumerable<Parameter> Parameters => [_factors];

    public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { [_start.Id] = start };

    /// <summary>What stands for it in an ONNX model; without this it cannot be exported to one.</summary>
    public override IReadOnlyList<OnnxOperator> Onnx => [new("Mul") { Tensors = [_factors] }];

    public override ModuleRun Begin(RunSetup setup) => new Run(_factors, new Matrix(setup.MaxBatch, To.Size));

    private static Matrix Filled(int units, float value)
    {
        var filled = new Matrix(1, units);
        filled.Fill(value);
        return filled;
    }

    /// <summary>The module in one pass: its outputs, and the inputs that the way back needs.</summary>
    private sealed class Run(Parameter factors, Matrix output) : ModuleRun
    {
        private Matrix _input;

        public override void Forward(Matrix input, PassMode mode)
        {
            (_input, Output) = (input, output.Top(input.Rows));
            var factor = factors.Read().Row(0);
            for (var example = 0; example < input.Rows; example++)
            {
                for (var unit = 0; unit < factor.Length; unit++)
                {
                    Output[example, unit] = factor[unit] * input[example, unit];
                }
            }
        }

        public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
        {
            var factor = factors.Read().Row(0);
            var gradient = walk.Gradients[factors].Write();
            for (var unit = 0; unit < factor.Length; unit++)
            {
                var sum = 0.0;
                for (var example = 0; example < error.Rows; example++)
                {
                    sum += (double)error[example, unit] * _input[example, unit];
                    error[example, unit] *= factor[unit];
                }

                gradient[0, unit] = (float)(sum / error.Rows);
            }

            return error;
        }
    }
}
