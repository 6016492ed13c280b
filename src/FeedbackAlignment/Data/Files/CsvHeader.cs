namespace FeedbackAlignment.Data.Files;

/// <summary>Decides whether the first line of a file has the names of its columns.</summary>
/// <param name="source">What to call the file in messages.</param>
/// <param name="first">The fields of the first line.</param>
/// <param name="below">What the other lines have in each column; empty where there are no other lines.</param>
internal sealed class CsvHeader(string source, string[] first, IReadOnlyList<CsvKind> below)
{
    private readonly bool[] _isNumber = [.. first.Select(text => !float.IsNaN(CsvValue.Number(text, '.')) || !float.IsNaN(CsvValue.Number(text, ',')))];

    /// <summary>Decides.</summary>
    /// <param name="known">The names of columns that the training file has; null: none are known.</param>
    /// <exception cref="DataFormatException">The line can be read both ways.</exception>
    public bool IsThere(IReadOnlyCollection<string>? known)
    {
        if (known is { Count: > 0 } && first.Count(known.Contains) is var found && (2 * found >= first.Length || 2 * found >= known.Count))
        {
            return true;
        }

        var texts = Enumerable.Range(0, first.Length).Where(column => !_isNumber[column] && !CsvValue.IsMissing(first[column])).ToArray();
        var contradicted = below.Count > 0 && (texts.Any(column => IsTypedOtherwise(below[column])) || first.Index().Any(column => _isNumber[column.Index] && below[column.Index] is CsvKind.Text or CsvKind.Boolean or CsvKind.Date));
        if (known is not null && !contradicted)
        {
            // A file that is read against another's columns begins with an example unless that cannot be.
            return texts.Length == first.Length && below.Count == 0 && first.Length > 1;
        }

        var counts = Counts();
        if (contradicted)
        {
            return counts || texts.Length + first.Count(text => text.Length == 0) == first.Length ? true : throw Unclear("some of its fields are numbers and some are names");
        }

        if (texts.Length == 0)
        {
            return counts && first.Length > 1 ? throw Unclear("its fields count the columns") : false;
        }

        if (texts.Length < first.Length && _isNumber.Any(number => number))
        {
            return counts ? throw Unclear("its fields could be names") : false;
        }

        return below.Count == 0 || texts.Any(column => ColumnNames.MeansTarget(first[column])) ? true : throw Unclear("every column holds text");
    }

    private static bool IsTypedOtherwise(CsvKind kind) => kind is CsvKind.Number or CsvKind.Boolean or CsvKind.Date;

    /// <summary>Whether the numbers among the fields are 0, 1, 2 … or 1, 2, 3 …, as names of columns often are.</summary>
    private bool Counts()
    {
        int[] numbers = [.. first.Where((_, column) => _isNumber[column]).Select(text => int.TryParse(text, out var number) ? number : -1)];
        return numbers.Length == 0 || (numbers[0] is 0 or 1 && numbers.Index().All(number => number.Item == numbers[0] + number.Index));
    }

    private DataFormatException Unclear(string why)
        => new(source, 1, null, $"the line may be names of columns or an example ({why}); say which: --header yes or --header no");
}
