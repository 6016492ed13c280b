using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>A step and a product in one walk, cut into strips of outputs, one for each thread.</summary>
internal sealed class StepWork : SharedWork
{
    private Matrix _weights, _previousInput, _previousError, _input, _output;
    private float _kept;
    private Finish? _finish;

    public void Set(Matrix weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output, Finish? finish)
        => (_weights, _kept, _previousInput, _previousError, _input, _output, _finish) = (weights, kept, previousInput, previousError, input, output, finish);

    public override void Run(int part, int parts)
        => Run(_weights, _kept, _previousInput, _previousError, _input, _output, _finish, Strips.Of(_output.Columns, Matrix.Granule, part, parts));

    public static void Run(Matrix weights, float kept, Matrix previousInput, Matrix previousError, Matrix input, Matrix output, Finish? finish, Range<int> columns)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            StepKernel<Lanes512>.Run(weights, kept, previousInput, previousError, input, output, columns);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            StepKernel<Lanes256>.Run(weights, kept, previousInput, previousError, input, output, columns);
        }
        else
        {
            StepKernel<Lanes128>.Run(weights, kept, previousInput, previousError, input, output, columns);
        }

        finish?.Apply(output, new(0, 1), new(columns.From, Math.Min((columns.To + Matrix.Granule - 1) / Matrix.Granule * Matrix.Granule, output.PaddedLine(0).Length)));
    }
}
