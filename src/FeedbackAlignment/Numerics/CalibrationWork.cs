namespace FeedbackAlignment.Numerics;

/// <summary>Multiply-adds in registers, as many on each thread.</summary>
/// <param name="threads">The most threads there will be.</param>
internal sealed class RegisterWork(int threads) : SharedWork
{
    private const int FloatsEach = CalibrationKernel<Lanes512<Fused>>.Chains * Matrix.Granule;
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
        var chains = new Chains(_rounds, _one[0], _counts.AsSpan(part * FloatsEach, FloatsEach));
        Lanes.Run(ref chains);
    }

    /// <summary>A thread's chains.</summary>
    private readonly ref struct Chains(int rounds, float one, Span<float> counts) : ILanesWork
    {
        private readonly Span<float> _counts = counts;

        public void Run<T>()
            where T : struct, ILanes<T>
            => CalibrationKernel<T>.Count(rounds, one, _counts);
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
            var scaled = new Scaled(_matrix.PaddedLine(line), _factor);
            Lanes.Run(ref scaled);
        }
    }

    /// <summary>A line.</summary>
    private readonly ref struct Scaled(Span<float> line, float factor) : ILanesWork
    {
        private readonly Span<float> _line = line;

        public void Run<T>()
            where T : struct, ILanes<T>
            => CalibrationKernel<T>.Scale(_line, factor);
    }
}
