using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>Multiply-adds in registers, as many on each thread.</summary>
/// <param name="threads">The most threads there will be.</param>
internal sealed class RegisterWork(int threads) : SharedWork
{
    private const int FloatsEach = CalibrationKernel<Lanes512>.Chains * Matrix.Granule;
    private readonly float[] _one = [1], _counts = new float[threads * FloatsEach];
    private int _rounds;

    public void Set(int rounds) => _rounds = rounds;

    /// <summary>Multiply-adds that all lanes of all chains have counted.</summary>
    public long Counted
    {
        get
        {
            var sum = 0L;
            foreach (var count in _counts)
            {
                sum += (long)count;
            }

            return sum;
        }
    }

    public override void Run(int part, int parts)
    {
        var counts = _counts.AsSpan(part * FloatsEach, FloatsEach);
        if (Vector512.IsHardwareAccelerated)
        {
            CalibrationKernel<Lanes512>.Count(_rounds, _one[0], counts);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            CalibrationKernel<Lanes256>.Count(_rounds, _one[0], counts);
        }
        else
        {
            CalibrationKernel<Lanes128>.Count(_rounds, _one[0], counts);
        }
    }
}

/// <summary>A walk over a matrix, cut into strips of lines, one for each thread.</summary>
internal sealed class PassWork : SharedWork
{
    private Matrix _matrix;
    private float _factor;

    public void Set(Matrix matrix, float factor) => (_matrix, _factor) = (matrix, factor);

    public override void Run(int part, int parts)
    {
        var lines = Strips.Of(_matrix.Lines, 1, part, parts);
        for (var line = lines.From; line < lines.To; line++)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                CalibrationKernel<Lanes512>.Scale(_matrix.PaddedLine(line), _factor);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                CalibrationKernel<Lanes256>.Scale(_matrix.PaddedLine(line), _factor);
            }
            else
            {
                CalibrationKernel<Lanes128>.Scale(_matrix.PaddedLine(line), _factor);
            }
        }
    }
}
