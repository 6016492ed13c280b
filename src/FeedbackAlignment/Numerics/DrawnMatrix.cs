namespace FeedbackAlignment.Numerics;

/// <summary>
/// A matrix of random numbers that takes no memory: any piece of it can be drawn, again and again, from its place in the stream. The
/// elements are drawn row by row, each from two words of the stream, whatever the distribution.
/// </summary>
/// <param name="rows">Number of rows.</param>
/// <param name="columns">Number of columns.</param>
/// <param name="isNormal">Whether elements are normal; else uniform.</param>
/// <param name="spread">Standard deviation of normal elements, half-width of uniform ones.</param>
/// <param name="stream">Where the first element is drawn from.</param>
internal readonly struct DrawnMatrix(int rows, int columns, bool isNormal, double spread, RandomCursor stream)
{
    private const ulong WordsPerElement = 2;
    private const int PieceLength = 256;

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>The shape as text, for messages.</summary>
    public string Shape => $"{rows} × {columns}";

    /// <summary>Where the stream is after the last element.</summary>
    public ulong End => Place(rows, 0);

    /// <summary>Draws one row's elements, or some of them.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="some">Which of its columns.</param>
    /// <param name="into">Receives them; as long as the columns are many.</param>
    public void DrawRow(int row, Range<int> some, Span<float> into)
    {
        var cursor = stream;
        cursor.Position = Place(row, some.From);
        foreach (ref var element in into[..(some.To - some.From)])
        {
            element = (float)(spread * (isNormal ? cursor.NextNormal() : 2 * cursor.NextDouble() - 1));
        }
    }

    /// <summary>Draws all elements.</summary>
    /// <param name="into">Receives them, in whatever order it lies; of this shape.</param>
    public void Draw(Matrix into)
    {
        into.RequireShape(rows, columns, nameof(into));
        Span<float> piece = stackalloc float[PieceLength];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column += PieceLength)
            {
                var drawn = piece[..Math.Min(PieceLength, columns - column)];
                DrawRow(row, new(column, column + drawn.Length), drawn);
                for (var i = 0; i < drawn.Length; i++)
                {
                    into[row, column + i] = drawn[i];
                }
            }
        }
    }

    private ulong Place(int row, int column) => stream.Position + WordsPerElement * ((ulong)row * (ulong)columns + (ulong)column);
}
