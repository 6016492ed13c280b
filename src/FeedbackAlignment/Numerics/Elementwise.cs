using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Numerics;

/// <summary>What to compute of one number; written once for all vector widths.</summary>
internal interface IMap
{
    /// <summary>The new value.</summary>
    T Apply<T>(T x)
        where T : struct, ILanes<T>;
}

/// <summary>What to compute of two numbers.</summary>
internal interface IMap2
{
    /// <summary>The new value of the first.</summary>
    T Apply<T>(T x, T y)
        where T : struct, ILanes<T>;
}

/// <summary>What to do to numbers with a state each: an optimizer's arithmetic.</summary>
internal interface IStep
{
    /// <summary>Changes weight and state, given the gradient.</summary>
    void Apply<T>(ref T weight, T gradient, ref T state1, ref T state2)
        where T : struct, ILanes<T>;
}

/// <summary>How to walk memory for element-by-element arithmetic: line by line in whole vectors, the padding included.</summary>
internal static class Elementwise
{
    /// <summary>x ← map(x).</summary>
    public static void Map<TMap>(Matrix x, TMap map)
        where TMap : struct, IMap
    {
        for (var line = 0; line < x.Lines; line++)
        {
            Map(x.PaddedLine(line), map);
        }
    }

    /// <summary>x ← map(x) over a span of whole vectors.</summary>
    public static void Map<TMap>(Span<float> x, TMap map)
        where TMap : struct, IMap
    {
        Debug.Assert(x.Length % (Compute.VectorBits / 32) == 0);
        var walk = new Walk1<TMap>(x, map);
        Lanes.Run(ref walk);
    }

    /// <summary>x ← map(x, y) for two matrices of the same shape and order.</summary>
    public static void Map<TMap>(Matrix x, Matrix y, TMap map)
        where TMap : struct, IMap2
    {
        Debug.Assert(x.Lines == y.Lines && x.LineLength == y.LineLength);
        for (var line = 0; line < x.Lines; line++)
        {
            Map(x.PaddedLine(line), y.PaddedLine(line), map);
        }
    }

    /// <summary>x ← map(x, y) over spans whose length is a multiple of 16.</summary>
    public static void Map<TMap>(Span<float> x, ReadOnlySpan<float> y, TMap map)
        where TMap : struct, IMap2
    {
        Debug.Assert(x.Length % Matrix.Granule == 0 && y.Length == x.Length);
        var walk = new Walk2<TMap>(x, y, map);
        Lanes.Run(ref walk);
    }

    /// <summary>
    /// Steps every weight; all matrices have the same shape and order. A rule without a second state passes the first twice.
    /// </summary>
    public static void Step<TStep>(Matrix weights, Matrix gradient, Matrix state1, Matrix state2, TStep step)
        where TStep : struct, IStep
    {
        Debug.Assert(weights.Lines == gradient.Lines && weights.LineLength == gradient.LineLength && weights.Order == gradient.Order);
        for (var line = 0; line < weights.Lines; line++)
        {
            Span<float> w = weights.PaddedLine(line), g = gradient.PaddedLine(line), s1 = state1.PaddedLine(line), s2 = state2.PaddedLine(line);
            var walk = new StepWalk<TStep>(w, g, s1, s2, step);
            Lanes.Run(ref walk);
        }
    }

    // The walks keep what they walk over in locals: what is stored could change fields, as far as the compiler knows.
    private readonly ref struct Walk1<TMap>(Span<float> x, TMap map) : ILanesWork
        where TMap : struct, IMap
    {
        private readonly Span<float> _x = x;

        public void Run<T>()
            where T : struct, ILanes<T>
        {
            var x = _x;
            var each = map;
            for (var i = 0; i < x.Length; i += T.Count)
            {
                each.Apply(T.Load(ref x[i])).Store(ref x[i]);
            }
        }
    }

    private readonly ref struct Walk2<TMap>(Span<float> x, ReadOnlySpan<float> y, TMap map) : ILanesWork
        where TMap : struct, IMap2
    {
        private readonly Span<float> _x = x;
        private readonly ReadOnlySpan<float> _y = y;

        public void Run<T>()
            where T : struct, ILanes<T>
        {
            var x = _x;
            var y = _y;
            var each = map;
            for (var i = 0; i < x.Length; i += T.Count)
            {
                each.Apply(T.Load(ref x[i]), T.Load(ref Unsafe.AsRef(in y[i]))).Store(ref x[i]);
            }
        }
    }

    private readonly ref struct StepWalk<TStep>(
        Span<float> weights, Span<float> gradient, Span<float> state1, Span<float> state2, TStep step) : ILanesWork
        where TStep : struct, IStep
    {
        private readonly Span<float> _weights = weights, _gradient = gradient, _state1 = state1, _state2 = state2;

        public void Run<T>()
            where T : struct, ILanes<T>
        {
            Span<float> weights = _weights, gradient = _gradient, state1 = _state1, state2 = _state2;
            var each = step;
            for (var i = 0; i < weights.Length; i += T.Count)
            {
                var (w, s1, s2) = (T.Load(ref weights[i]), T.Load(ref state1[i]), T.Load(ref state2[i]));
                each.Apply(ref w, T.Load(ref gradient[i]), ref s1, ref s2);
                w.Store(ref weights[i]);
                s1.Store(ref state1[i]);
                s2.Store(ref state2[i]);
            }
        }
    }
}
