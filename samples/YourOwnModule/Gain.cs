using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace YourOwnModule;

/// <summary>An example: each unit's signal times a factor that is learned, y = g ∘ x.</summary>
/// <param name="name">Its name.</param>
/// <param name="units">Number of units.</param>
internal sealed class Gain(string name, int units) : Module(name, Shape.Flat(units), Shape.Flat(units))
{
    private readonly Parameter _factors = new($"{name}.factors", ParameterKind.Scale, Ones(units));

    public override IEnumerable<Parameter> Parameters => [_factors];

    public override ModuleRun Begin(RunSetup setup) => new Run(_factors, new Matrix(setup.MaxBatch, To.Size));

    private static Matrix Ones(int units)
    {
        var ones = new Matrix(1, units);
        ones.Fill(1);
        return ones;
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

                gradient[0, unit] = (float)(sum / walk.Gradients.Divisor(error));
            }

            return error;
        }
    }
}
