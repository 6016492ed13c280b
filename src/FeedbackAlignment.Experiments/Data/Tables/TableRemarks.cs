using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>How a table was understood, in lines for the user.</summary>
internal static class TableRemarks
{
    /// <summary>Why a field over a line break is refused: it is more often a quote that was not closed.</summary>
    public const string Broken = "the quoted field contains a line break; close the quote in the same line";

    private const int MostNames = 6, FewestPixels = 16;

    /// <summary>One line for what was seen, and one for each thing that the user may not expect.</summary>
    public static IEnumerable<string> Of(CsvTable table, TableChoice choice, DataSchema schema, DataSpec spec)
    {
        var inputs = schema.InputNames.Count;
        var read = $"{Path.GetFileName(table.Source)}: {(schema.Header ? "header" : "no header")}, separated by {CsvSniffer.Shown(schema.Separator)}{(schema.DecimalSeparator == ',' ? ", decimal comma" : "")}, {inputs} inputs";
        yield return choice.Seen.Count > 0 ? $"{read}; guessed from the data: {string.Join(", ", choice.Seen)}" : read;
        if (choice.Ignored.Count > 0)
        {
            yield return $"left out as requested: {Listing.Some(choice.Ignored.Select(column => column.Name), MostNames)}";
        }

        var categories = schema.ColumnsOf(ColumnRole.Input).Where(column => column.Categories is not null).ToList();
        if (categories.Count > 0)
        {
            yield return "one input for each category of "
                + $"{Listing.Some(categories.Select(column => $"{column.Name} ({column.Categories!.Count})"), MostNames)}";
        }

        var booleans = choice.Inputs.Where(column => column.Kind == CsvKind.Boolean && !choice.IsCategorical(column)).ToList();
        if (booleans.Count > 0)
        {
            yield return $"true is 1 and false is 0 in {Listing.Some(booleans.Select(column => column.Name), MostNames)}";
        }

        if (spec.Scale is null && LookLikePixels(choice.Inputs))
        {
            yield return "the columns look like pixels (whole numbers from 0 to 255); --scale 0..255 divides them all by 255";
        }
    }

    /// <summary>One line for each thing about the rows of a file that changes what the network gets.</summary>
    /// <param name="table">The file.</param>
    /// <param name="examples">What was taken of it, before missing numbers are filled in.</param>
    /// <param name="schema">What it was read against.</param>
    public static IEnumerable<string> OfRows(CsvTable table, TableExamples examples, DataSchema schema)
    {
        var file = Path.GetFileName(table.Source);
        if (schema.Missing == MissingIds.Drop && examples.Rows.Count < table.Rows)
        {
            yield return $"{file}: {table.Rows - examples.Rows.Count} of {table.Rows} examples left out, because a value is missing";
        }

        var empty = 0;
        for (var row = 0; row < examples.Inputs.Rows; row++)
        {
            foreach (var number in examples.Inputs.Row(row))
            {
                empty += float.IsNaN(number) ? 1 : 0;
            }
        }

        if (empty > 0)
        {
            yield return $"{file}: the training mean takes the place of {empty} missing {(empty == 1 ? "number" : "numbers")}";
        }

        // A free text may have line breaks, and nobody learns from it; but a quote that is not closed swallows examples in the same way.
        foreach (var column in table.Columns.Where(column => column.FirstBroken >= 0))
        {
            yield return $"{file}, line {table.LineOf(column.FirstBroken)}, column {column.Index + 1} ({column.Name}): the quoted field "
                + "contains a line break; if its closing quote is missing, examples were lost";
        }
    }

    /// <summary>Says how many examples of a file belong together with training examples, so that they are not new to the network.</summary>
    public static IEnumerable<string> OfGroups(CsvTable table, TableExamples examples, TableExamples training, DataSchema schema)
    {
        var known = training.Groups?.ToHashSet() ?? [];
        if (examples.Groups?.Count(known.Contains) is > 0 and var count)
        {
            yield return $"{Path.GetFileName(table.Source)}: {count} of {examples.Rows.Count} examples belong to a "
                + $"{schema.ColumnsOf(ColumnRole.Group).First().Name} that the training file has too; they are not new to the network";
        }
    }

    /// <summary>Whether the inputs look like the bytes of pixels: many columns of whole numbers from 0 to 255.</summary>
    private static bool LookLikePixels(IReadOnlyList<CsvColumn> inputs)
        => inputs.Count >= FewestPixels
            && inputs.All(column => column is { Kind: CsvKind.Number, IsWhole: true, Least: >= 0, Greatest: <= 255 })
            && inputs.Max(column => column.Greatest) > 15;
}
