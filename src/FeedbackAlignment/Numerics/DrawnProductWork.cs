using System.Diagnostics;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// into = left · right where <c>right</c> is drawn on the way and thrown away: panel by panel into room that each thread has for one.
/// </summary>
/// <remarks>
/// Every thread has a strip of columns, so nothing is drawn twice. Down the strip, one panel after the other is drawn and its products
/// are added to what the panels above gave: the chains of the product with a stored matrix, which rest in <c>into</c> between panels. The
/// bits are the same.
/// </remarks>
internal sealed class DrawnProductWork : SharedWork
{
    /// <summary>A panel of 128 × 128 floats, 64 KB: it stays in the second-level cache between drawing and product.</summary>
    private const int PanelRows = 128, PanelColumns = 128;

    private readonly Matrix[] _panels;
    private Matrix _left, _into;
    private DrawnMatrix _right;

    /// <param name="threads">Threads that may share it.</param>
    public DrawnProductWork(int threads) => _panels = [.. Enumerable.Range(0, threads).Select(_ => new Matrix(PanelRows, PanelColumns))];

    /// <param name="left">rows × inner, row-major.</param>
    /// <param name="right">inner × columns.</param>
    /// <param name="into">rows × columns, row-major.</param>
    public void Set(Matrix left, DrawnMatrix right, Matrix into) => (_left, _right, _into) = (left, right, into);

    public override void Run(int part, int parts)
    {
        Debug.Assert(parts <= _panels.Length);
        var strip = Strips.Of(_into.Columns, Matrix.Granule, part, parts);
        for (var column = strip.From; column < strip.To; column += PanelColumns)
        {
            Columns(_right, new(column, Math.Min(column + PanelColumns, strip.To)), _panels[part]);
        }
    }

    private void Columns(DrawnMatrix right, Range<int> columns, Matrix panel)
    {
        var width = columns.To - columns.From;
        var into = _into.Part(columns);
        if (into.Rows == 1)
        {
            into.PaddedLine(0).Clear();
        }

        for (var row = 0; row < right.Rows; row += PanelRows)
        {
            var rows = new Range<int>(row, Math.Min(row + PanelRows, right.Rows));
            var left = _left.Part(rows);
            var drawn = panel.Top(rows.To - rows.From).Part(new(0, width));
            for (var i = 0; i < drawn.Rows; i++)
            {
                // One example's product leaves out the terms of a 0, so it does not read what they would be multiplied with.
                if (left.Rows > 1 || left[0, i] != 0)
                {
                    right.DrawRow(row + i, columns, drawn.Row(i));
                }
            }

            if (left.Rows == 1)
            {
                StepWork.Run(drawn, StepTerms.None, new(left, into), finish: null, new(0, width));
            }
            else
            {
                ProductWork.RunAll(left, drawn, into, new(Accumulate: row > 0));
            }
        }
    }
}
