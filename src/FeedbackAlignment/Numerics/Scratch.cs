namespace FeedbackAlignment.Numerics;

/// <summary>Room for intermediate results, one matrix for each width, made when first wanted and kept.</summary>
internal sealed class Scratch
{
    private readonly Dictionary<int, Matrix> _byWidth = [];

    /// <summary>A row-major matrix of that shape. What is in it is not defined; it is the same memory for the same width.</summary>
    public Matrix Take(int rows, int columns)
    {
        if (!_byWidth.TryGetValue(columns, out var matrix) || matrix.Rows < rows)
        {
            matrix = _byWidth[columns] = new Matrix(rows, columns);
        }

        return matrix.Top(rows);
    }
}
