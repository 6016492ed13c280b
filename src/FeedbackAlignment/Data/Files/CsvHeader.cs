namespace FeedbackAlignment.Data.Files;

/// <summary>Decides whether the first line of a file has the names of its columns.</summary>
/// <param name="source">What to call the file in messages.</param>
/// <param name="first">The fields of the first line.</param>
/// <param name="below">What the other lines have in each column; empty where there are no other lines.</param>
internal sealed class CsvHeader(string source, string[] first, IReadOnlyList<CsvKind> below)
{
    private readonly bool[] _isNumber = [.. first.Select(IsNumber)];

    /// <summary>Whether no field is a number: names, or nothing, as over an index.</summary>
    private bool AreWords => !_isNumber.Any(number => number);

    private string[] Words => [.. first.Where((text, column) => !_isNumber[column] && !CsvValue.IsMissing(text))];

    /// <summary>Decides for a training file.</summary>
    /// <param name="isOld">Whether a line that can be read both ways is read as version 0.1 did, and not refused.</param>
    /// <exception cref="DataFormatException">The line can be read both ways.</exception>
    public bool IsThere(bool isOld)
    {
        if (Words.Length == 0)
        {
            return Count() && first.Length > 1 && Unclear("its fields count the columns");
        }

        var hasTarget = Words.Any(ColumnNames.MeansTarget);
        if (AreWords)
        {
            return below.Count == 0 || IsContradicted() || hasTarget || Unclear("every column holds text");
        }

        // Names of which some are numbers count the columns; and a class is hardly ever called "class".
        return (Count() && hasTarget) || ((Count() || hasTarget || IsContradicted()) && Unclear("some of its fields are numbers and some could be names"));

        bool Unclear(string why) => isOld ? IsThereInVersion1() : throw new DataFormatException(
            source, 1, null, $"the line may contain column names or an example ({why}); choose --header yes or --header no");
    }

    /// <summary>Decides for a file that is read against the training file: it begins with an example, unless that cannot be.</summary>
    /// <param name="known">The names of the training file's columns; empty where it has none.</param>
    public bool IsThereBeside(IReadOnlyCollection<string> known)
    {
        var words = known.Where(name => !IsNumber(name)).ToHashSet();
        var found = 2 * Words.Count(words.Contains);
        return (found > 0 && (found >= words.Count || found >= first.Length))
            || (known.Count > 0 && AreCounted(known))
            || (below.Count > 0 && AreWords && IsContradicted());
    }

    private static bool IsNumber(string text) => !float.IsNaN(CsvValue.Number(text, '.')) || !float.IsNaN(CsvValue.Number(text, ','));

    /// <summary>
    /// Whether the line as an example would put text among numbers, truth values or dates, or one of these among the others.
    /// </summary>
    private bool IsContradicted() => below.Count > 0 && first.Index().Any(field => !CsvValue.IsMissing(field.Item) && (_isNumber[field.Index], below[field.Index]) switch
    {
        (true, var kind) => kind is CsvKind.Text or CsvKind.Boolean or CsvKind.Date,
        (_, CsvKind.Number) => true,
        (_, CsvKind.Boolean) => !CsvValue.IsBoolean(field.Item),
        (_, CsvKind.Date) => !CsvValue.IsDate(field.Item),
        _ => false,
    });

    /// <summary>Whether the line repeats names that are numbers.</summary>
    private bool AreCounted(IReadOnlyCollection<string> known)
        => first.Length > 1 && Words.Length == 0 && Count() && first.All(text => text.Length == 0 || known.Contains(text));

    /// <summary>Whether the numbers among the fields are 0, 1, 2 … or 1, 2, 3 …, as names of columns often are.</summary>
    private bool Count()
    {
        int[] numbers = [.. first.Where((_, column) => _isNumber[column]).Select(text => int.TryParse(text, out var number) ? number : -1)];
        return numbers.Length > 0 && numbers[0] is 0 or 1 && numbers.Index().All(number => number.Item == numbers[0] + number.Index);
    }

    /// <summary>No field but the last is a number, or the last has the name of a target.</summary>
    private bool IsThereInVersion1() => !_isNumber.AsSpan(..^1).Contains(true) || ColumnNames.MeansClass(first[^1]) || ColumnNames.MeansNumber(first[^1]);
}
