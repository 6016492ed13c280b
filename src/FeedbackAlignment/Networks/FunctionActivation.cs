using FeedbackAlignment.Numerics;
using static System.FormattableString;

namespace FeedbackAlignment.Networks;

/// <summary>An activation of somebody's own, computed number by number.</summary>
internal sealed class FunctionActivation : Activation
{
    /// <summary>
    /// The distance between the points of a difference. With it, a curvature of 2 and the rounding of a value of 8 change a slope by less
    /// than half of what is tolerated.
    /// </summary>
    private const float Step = 1 / 256f;

    private readonly Func<float, float> _function, _derivative;

    /// <summary>Makes one; what it is told has been checked for null.</summary>
    public FunctionActivation(
        string id, string summary, Func<float, float> function, Func<float, float> derivative, bool derivativeNeedsInput)
        : base(id, summary, derivativeNeedsInput)
    {
        (_function, _derivative) = (function, derivative);
        var gate = new Gate(derivative);
        (Finish, Take, Derivative, AtRest) = (new Map(function), new TakeMap(function), gate, function(0));
    }

    /// <summary>Tells two functions apart whose ids are the same: values and derivatives at many places.</summary>
    internal override string Fingerprint
    {
        get
        {
            var values = new Matrix(2, Points.Count);
            foreach (var (i, z) in Points.Index())
            {
                (values[0, i], values[1, i]) = (_function(z), DerivativeAt(z));
            }

            return Numerics.Fingerprint.Of(values);
        }
    }

    /// <summary>Places from −8 to 8 at no round number, where kinks like to be; and 0.</summary>
    private static IReadOnlyList<float> Points { get; } = [.. Enumerable.Range(0, 128).Select(i => -7.97f + (0.1253f * i)), 0];

    /// <inheritdoc/>
    public override void Apply(Matrix values) => Finish!.Apply(values, new(0, values.Rows), new(0, values.Columns));

    /// <summary>What is wrong with the functions; null: nothing that can be seen.</summary>
    /// <param name="isSurrogate">Whether the derivative is another function on purpose.</param>
    public string? Objection(bool isSurrogate)
    {
        foreach (var z in Points)
        {
            var (h, slope) = (_function(z), DerivativeAt(z));
            if (!float.IsFinite(h) || !float.IsFinite(slope))
            {
                var (what, value) = float.IsFinite(h) ? ("derivative", slope) : ("value", h);
                return Invariant($"its {what} at z = {z} is {value}, no finite number");
            }

            if (isSurrogate)
            {
                continue;
            }

            // At a kink or a jump near z the slope is that of one side, which is free of it.
            var (left, right) = ((h - _function(z - Step)) / Step, (_function(z + Step) - h) / Step);
            var close = 0.01f * Math.Max(1, Math.Abs(slope)) + 1e-4f * Math.Abs(h);
            if (slope < Math.Min(left, right) - close || slope > Math.Max(left, right) + close)
            {
                var from = DerivativeNeedsInput ? "z" : Invariant($"h = {h}");
                return Invariant(
                    $"its derivative at z = {z}, taken from {from}, is {slope}, but the function's slope there is {(left + right) / 2}");
            }
        }

        return null;
    }

    private float DerivativeAt(float z) => _derivative(DerivativeNeedsInput ? z : _function(z));

    /// <summary>x ← function(x). The padding stays as it is.</summary>
    private sealed class Map(Func<float, float> function) : Finish
    {
        public override void Apply(Matrix values, Range<int> rows, Range<int> columns)
        {
            for (var row = rows.From; row < rows.To; row++)
            {
                foreach (ref var value in values.Row(row)[columns.From..Math.Min(columns.To, values.Columns)])
                {
                    value = function(value);
                }
            }
        }
    }

    /// <summary>x ← function(y). The padding stays as it is.</summary>
    private sealed class TakeMap(Func<float, float> function) : PairMap
    {
        public override void Apply(in Matrix x, in Matrix y, Range<int> columns)
        {
            var end = Math.Min(columns.To, x.Columns);
            for (var row = 0; row < x.Rows; row++)
            {
                Span<float> to = x.Row(row), from = y.Row(row);
                for (var i = columns.From; i < end; i++)
                {
                    to[i] = function(from[i]);
                }
            }
        }
    }

    /// <summary>x ← x · derivative(y). The padding stays as it is.</summary>
    private sealed class Gate(Func<float, float> derivative) : PairMap
    {
        public override void Apply(in Matrix x, in Matrix y, Range<int> columns)
        {
            var end = Math.Min(columns.To, x.Columns);
            for (var row = 0; row < x.Rows; row++)
            {
                Span<float> error = x.Row(row), source = y.Row(row);
                for (var i = columns.From; i < end; i++)
                {
                    error[i] *= derivative(source[i]);
                }
            }
        }
    }
}
