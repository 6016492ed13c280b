namespace FeedbackAlignment.Data.Files;

/// <summary>The numbers of a text file, row by row in blocks: four bytes for each, and four for the line of each row.</summary>
/// <param name="columns">How many numbers a row has, ≥ 1.</param>
/// <param name="source">What to call the file in messages.</param>
internal sealed class CsvNumbers(int columns, string source)
{
    /// <summary>Floats of a block, if a row is no longer: too few for the heap of large objects.</summary>
    private const int BlockFloats = 1 << 14;

    /// <summary>After so many floats it is asked whether there is room for as many again.</summary>
    private const long Portion = 1 << 24;

    private readonly int _rowsOfBlock = Math.Max(1, BlockFloats / columns);
    private readonly List<float[]> _blocks = [];
    private readonly List<int> _lines = [];
    private int _first;

    /// <summary>Number of rows.</summary>
    public int Count => _lines.Count - _first;

    /// <summary>A number; NaN where there is none.</summary>
    public float this[int row, int column]
    {
        get
        {
            var (block, place) = Math.DivRem(row + _first, _rowsOfBlock);
            return _blocks[block][place * columns + column];
        }
    }

    /// <summary>Line of the file that a row stands in, from 1.</summary>
    public int LineOf(int row) => _lines[row + _first];

    /// <summary>Adds a row.</summary>
    /// <param name="line">The line of the file that it stands in.</param>
    /// <returns>Its numbers, to be filled in.</returns>
    /// <exception cref="DataFormatException">There is no more memory that may be used.</exception>
    public Span<float> Add(int line)
    {
        var place = _lines.Count % _rowsOfBlock;
        if (place == 0)
        {
            AddBlock();
        }

        _lines.Add(line);
        return _blocks[^1].AsSpan(place * columns, columns);
    }

    /// <summary>The first row, whether it was left out or not.</summary>
    public Span<float> First => _blocks[0].AsSpan(0, columns);

    /// <summary>Leaves the first row out: it has names.</summary>
    public void LeaveOutFirst() => _first = 1;

    private void AddBlock()
    {
        var floats = (long)_rowsOfBlock * columns;
        var before = _blocks.Count * floats;
        if (before / Portion != (before + floats) / Portion)
        {
            var so = MemoryBudget.Text(before * sizeof(float));
            MemoryBudget.Require(Portion * sizeof(float), source, $"its numbers take more than {so}; the next would take");
        }

        _blocks.Add(new float[floats]);
    }
}
