namespace FeedbackAlignment.Experiments.Predictions;

/// <summary>A line of a CSV file that a spreadsheet may open.</summary>
public static class SpreadsheetLine
{
    /// <summary>The cells with commas between them, quoted where they need it, and the end of the line.</summary>
    /// <param name="cells">The cells; none of them becomes a formula (<see cref="SpreadsheetCell"/>).</param>
    public static string Of(IEnumerable<string> cells) => string.Join(',', cells.Select(Cell)) + "\n";

    private static string Cell(string text)
        => SpreadsheetCell.Of(text) is var cell && cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
}
