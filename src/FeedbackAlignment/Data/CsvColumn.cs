namespace FeedbackAlignment.Data;

/// <summary>What the values of a column are.</summary>
public enum CsvKind
{
    /// <summary>Every value is missing.</summary>
    Empty,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary><c>true</c> and <c>false</c>, in any case.</summary>
    Boolean,

    /// <summary>Dates, with or without a time of day.</summary>
    Date,

    /// <summary>Texts, none of which is a number.</summary>
    Text,

    /// <summary>Numbers and texts: text on purpose, or numbers with a mistake among them.</summary>
    Mixed,
}

/// <summary>A column of a <see cref="CsvTable"/>.</summary>
public sealed record CsvColumn
{
    /// <summary>The name in the header; without a header the position, counted from 1.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the name stands in the header.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Place in the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What its values are.</summary>
    public required CsvKind Kind { get; init; }

    /// <summary>How many values are missing: nothing, or <c>NA</c>, <c>NaN</c>, <c>null</c>, <c>?</c> and the like.</summary>
    public int Missing { get; init; }

    /// <summary>Row of the first missing value, from 0; −1 where none is missing.</summary>
    public int FirstMissing { get; init; } = -1;

    /// <summary>Row of the first value that is no number, from 0; −1 where all are.</summary>
    public int FirstText { get; init; } = -1;

    /// <summary>Row of the first value that goes on over a line break, from 0; −1 where none does.</summary>
    public int FirstBroken { get; init; } = -1;

    /// <summary>The least number; NaN where there is none.</summary>
    public float Least { get; init; } = float.NaN;

    /// <summary>The greatest number; NaN where there is none.</summary>
    public float Greatest { get; init; } = float.NaN;

    /// <summary>Whether all numbers are whole.</summary>
    public bool IsWhole { get; init; }
}
