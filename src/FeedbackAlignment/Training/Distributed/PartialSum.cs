using System.Runtime.InteropServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>
/// The gradients of some groups of a batch: sums over their examples that nobody has divided yet, and the sum of the losses. All of it lies
/// in one piece of memory, so that it is one message.
/// </summary>
internal sealed class PartialSum
{
    /// <summary>Floats at the beginning for the loss and whether a rank was asked to stop.</summary>
    private const int LossFloats = Matrix.Granule;

    private readonly Matrix _all, _values;
    private readonly int _end;
    private readonly int _header;
    private readonly Compute _compute;
    private readonly PairMap<AddScaled> _adding = new(new AddScaled(1));

    /// <param name="learned">What the gradients are of.</param>
    /// <param name="compute">Does the products and the sums.</param>
    /// <exception cref="ArgumentException">They do not fit into one message.</exception>
    public PartialSum(IReadOnlyList<Parameter> learned, Compute compute)
    {
        _compute = compute;
        _header = LossFloats + Matrix.Padded(learned.Count);
        (_all, var parts) = Matrix.OneAfterAnother(
            _header, [.. learned.Select(own => (own.Rows, own.Columns, own.Order)), (1, Matrix.Granule, MatrixOrder.RowMajor)]);
        _end = _all.Columns - Matrix.Granule;
        if (_all.Columns > int.MaxValue / sizeof(float))
        {
            throw new ArgumentException(
                $"gradients in groups need {_all.Columns} numbers in one piece, more than {int.MaxValue / sizeof(float)}", nameof(learned));
        }

        _values = _all.Part(new(_header, _end));
        Gradients = new Gradients(learned, compute, parts[..^1]);
    }

    /// <summary>The gradients, not divided.</summary>
    public Gradients Gradients { get; }

    /// <summary>The sum of the losses of the examples.</summary>
    public double Loss
    {
        get => Doubles[0];
        set => Doubles[0] = value;
    }

    /// <summary>Whether a rank that has a part in it was asked to stop.</summary>
    public bool Stop
    {
        get => Doubles[1] != 0;
        set => Doubles[1] = value ? 1 : 0;
    }

    /// <summary>
    /// The step that it belongs to, behind all else. Where a sender dies while its memory is copied, some libraries say that all is well;
    /// then what came last is not there.
    /// </summary>
    public long Step
    {
        get => Steps[0];
        set => Steps[0] = value;
    }

    /// <summary>All of it.</summary>
    public Span<byte> Message => MemoryMarshal.AsBytes(_all.Row(0));

    /// <summary>What is sent where there is no example.</summary>
    public Span<byte> Header => MemoryMarshal.AsBytes(_all.Row(0)[.._header]);

    private Span<double> Doubles => MemoryMarshal.Cast<float, double>(_all.Row(0)[..LossFloats]);

    private Span<long> Steps => MemoryMarshal.Cast<float, long>(_all.Row(0)[_end..]);

    private Span<float> Presence => _all.Row(0)[LossFloats.._header];

    /// <summary>Whether there is a gradient of a parameter.</summary>
    /// <param name="parameter">Its place among those that are learned.</param>
    public bool IsPresent(int parameter) => Presence[parameter] != 0;

    /// <summary>Forms what the rule gave: from here on it is numbers.</summary>
    public void Form()
    {
        var presence = Presence;
        for (var i = 0; i < Gradients.All.Length; i++)
        {
            // Forms it, in the memory of this sum; zeros where there is none.
            _ = Gradients.All[i].Values;
            presence[i] = Gradients.All[i].IsPresent ? 1 : 0;
        }
    }

    /// <summary>this ← this + other, for the loss too.</summary>
    public void Add(PartialSum other)
    {
        Loss += other.Loss;
        Span<float> mine = Presence, others = other.Presence;
        for (var i = 0; i < mine.Length; i++)
        {
            mine[i] = Math.Max(mine[i], others[i]);
        }

        _compute.Map(_adding, _values, other._values);
    }

    /// <summary>The sum of a parameter's gradient.</summary>
    /// <param name="parameter">Its place among those that are learned.</param>
    public Matrix Values(int parameter) => Gradients.All[parameter].Memory;
}
