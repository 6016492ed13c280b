using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Some examples that a rule looks at together.</summary>
/// <param name="Inputs">batch × inputs. Those of rows that do not count must be finite numbers, too.</param>
/// <param name="Targets">batch × outputs.</param>
public readonly record struct Batch(Matrix Inputs, Matrix Targets)
{
    /// <summary>
    /// For each row whether it counts; empty: all do. A row that does not has no loss and no error, and means are over the rows that do.
    /// It still runs through the network, so modules that mix the rows of a batch, such as batch normalization, see it.
    /// </summary>
    public ReadOnlyMemory<bool> Mask { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => Inputs.Rows;

    /// <summary>Number of rows that count: what sums over the batch are divided by.</summary>
    /// <exception cref="ArgumentException">The mask is not as long as the batch, or no row counts.</exception>
    internal int RequireExamples() => Mask.IsEmpty ? Count : Losses.Loss.RequireCounted(Mask.Span, Count, nameof(Mask));

    /// <summary>Sets the rows that do not count to 0.</summary>
    /// <param name="rows">A row for each of the batch's.</param>
    internal void ClearMasked(Matrix rows) => ClearMasked(rows, Mask);

    /// <summary>Sets the rows that do not count to 0.</summary>
    /// <param name="rows">A row for each of the batch's.</param>
    /// <param name="mask">For each row whether it counts; empty: all do.</param>
    internal static void ClearMasked(in Matrix rows, in ReadOnlyMemory<bool> mask)
    {
        for (var row = 0; row < mask.Length; row++)
        {
            if (!mask.Span[row])
            {
                rows.PaddedLine(row).Clear();
            }
        }
    }
}
