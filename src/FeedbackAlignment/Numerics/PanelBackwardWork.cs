namespace FeedbackAlignment.Numerics;

/// <summary>
/// into = error · weights for one example and weights in panels: an error on its way back through the forward weights. Each thread
/// multiplies with the panels that it steps, which are in its cache and in no other.
/// </summary>
/// <remarks>
/// The chain of an input's error runs over the outputs in their order, so over one thread's panels after the other's. It does so in
/// blocks of inputs: a thread goes on with a block where the thread before it has left off, while that one begins the next block. The
/// bits are those of one thread.
/// </remarks>
/// <param name="parts">Threads that share the work.</param>
internal sealed class PanelBackwardWork(int parts) : SharedWork
{
    /// <summary>
    /// Blocks for each thread: the more, the less a thread waits for its first one, and the more often it looks whether one is ready.
    /// </summary>
    private const int BlocksPerThread = 8;

    private const int Apart = Memory.Apart / sizeof(int);

    // How many blocks each thread has done.
    private readonly int[] _done = new int[(parts + 1) * Apart];
    private Panels? _weights;
    private Matrix _error, _into;

    /// <param name="error">1 × outputs, row-major.</param>
    /// <param name="weights">inputs × outputs.</param>
    /// <param name="into">1 × inputs, row-major.</param>
    public void Set(Matrix error, Panels weights, Matrix into)
    {
        (_error, _weights, _into) = (error, weights, into);
        into.Row(0).Clear();
        Array.Clear(_done);
    }

    public override void Run(int part, int parts)
    {
        var weights = _weights!;
        var block = Math.Max(Matrix.Granule, weights.Lines / (BlocksPerThread * parts) / Matrix.Granule * Matrix.Granule);
        var done = 0;
        try
        {
            for (var first = 0; first < weights.Lines; first += weights.GroupLines)
            {
                var group = weights.Group(first);
                for (var line = group.From; line < group.To; line += block)
                {
                    WaitForTheOneBefore(part, done);
                    Multiply(weights, part, group, new(line, Math.Min(line + block, group.To)));
                    Volatile.Write(ref Done(part), ++done);
                }
            }
        }
        finally
        {
            // Also if this thread has failed: the next one would wait for ever.
            Volatile.Write(ref Done(part), int.MaxValue);
        }
    }

    private void Multiply(Panels weights, int part, Range<int> group, Range<int> lines)
    {
        Span<float> error = _error.Row(0), into = _into.Row(0)[lines.From..lines.To];
        var starts = weights.StartsOf(part);
        for (var panel = 0; panel + 1 < starts.Length && starts[panel] < error.Length; panel++)
        {
            var (start, width) = (starts[panel], starts[panel + 1] - starts[panel]);
            ref var first = ref weights.At(group, start).At((nint)(lines.From - group.From) * width);
            ColumnKernel.Run(error[start..Math.Min(start + width, error.Length)], ref first, width, into);
        }
    }

    private void WaitForTheOneBefore(int part, int done)
    {
        for (var looks = 0; part > 0 && Volatile.Read(ref Done(part - 1)) <= done; looks++)
        {
            WorkerTeam.Pause(looks);
        }
    }

    private ref int Done(int part) => ref _done[(part + 1) * Apart];
}
